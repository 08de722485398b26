"""读病组方案的文件 · Reading the files in which grouping schemes come."""
