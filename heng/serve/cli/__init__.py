"""命令行：一条命令一个文件 · The command line, one file a command; `heng = heng.serve.cli.main:main`."""
