"""接口 · What programs ask and send: the same questions, words and scopes as the pages, as JSON."""
