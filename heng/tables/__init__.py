"""典：数据字典，各室只在这里相遇 · The data dictionary, the only place where rooms meet."""
