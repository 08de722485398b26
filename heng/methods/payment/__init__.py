"""医保支付的算法 · The arithmetic of payment by groups: exact, in fen, without tables or disk."""
