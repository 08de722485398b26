"""室：一室一事，彼此只在表上相见 · Rooms of capabilities; they meet only through tables."""
