"""合：唯一的组合处 · The one place where tables, policy, capabilities and store meet."""
