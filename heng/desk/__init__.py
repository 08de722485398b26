"""案：人、权限、事项与通知 · The desk: people, rights, cases, notices, audit. The only room of the house that speaks SQLAlchemy."""
