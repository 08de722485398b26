"""基：表、参数、能力、指标、错误各是什么 · What a table, a dated value, a capability, an indicator, an error is."""
