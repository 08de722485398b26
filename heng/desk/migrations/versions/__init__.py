"""一步一个文件 · One file for each step of the tables."""
