"""纸上的衡 · Heng on paper: the monthly report and printed tables, as PDF and as Word."""
