"""库：不可变的数据文件、唯一的指针、引擎与政策文件 · Immutable data files, the one pointer, the engine, policy files."""
