"""面：命令行与导出 · What people touch: the command line and the exported workbooks."""
