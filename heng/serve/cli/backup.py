"""备份与恢复 · Back a region up into one file, and restore it from there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from heng.serve.cli.command import command
from heng.serve.cli.console import say
from heng.serve.cli.session import session


@dataclass(kw_only=True)
class BackupOptions:
    """备份的选项 · Options of `heng backup`."""

    file: Annotated[Path, Argument(metavar="FILE.zip", help="备份文件 · the backup file")]


@dataclass(kw_only=True)
class RestoreOptions:
    """恢复的选项 · Options of `heng restore`."""

    file: Annotated[Path, Argument(metavar="FILE.zip", help="备份文件 · the backup file")]
    to: Annotated[Path, Option("--to", help="新文件夹 · a new folder")]


@command("backup", BackupOptions)
def backup(asked: BackupOptions) -> None:
    """备份：一代数据、政策、表头、来源文件与案头 · Back up a generation with its policy, headers, raw files and desk."""
    from heng.app.keeping import back_up, desk_apart

    region = session().region()
    kept = back_up(region, asked.file)
    say("backup.done", generation=kept.generation, path=asked.file, files=kept.files, size=readable(kept.size))
    if desk_apart(region):
        say("backup.desk")


@command("restore", RestoreOptions)
def restore(asked: RestoreOptions) -> None:
    """从备份恢复到新文件夹，逐个核对 · Restore a backup into a new folder, every file verified."""
    from heng.store.backup import restore_backup

    kept = restore_backup(asked.file, asked.to)
    say("restore.done", generation=kept.generation, path=asked.to, files=kept.files)


def readable(size: int) -> str:
    """字节数 · A size in bytes as people read it."""
    scale = next((n for n in (3, 2, 1) if size >= 1024**n), 0)
    return f"{size / 1024**scale:,.1f} {('B', 'KB', 'MB', 'GB')[scale]}" if scale else f"{size} B"
