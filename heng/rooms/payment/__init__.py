"""支付：病例分组、DRG 与 DIP 支付、病组盈亏 · Payment: grouping, DRG and DIP payment, margin."""
