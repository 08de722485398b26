"""系统的错误说成人话 · Errors of the operating system: what is wrong and what to do, in our own words."""

import errno
import re

from heng.core.errors import HengError, Say

FULL: tuple[Say, Say] = (
    ("磁盘已满，没有写成", "the disk is full; nothing was written"),
    (
        "腾出空间后再运行同一条命令；heng doctor 说明区域占用多少",
        "free some space and run the same command again; heng doctor tells what the region takes",
    ),
)
DENIED: tuple[Say, Say] = (
    ("没有权限", "permission is denied"),
    ("检查文件夹的权限，或换一个能读写的地方", "check the permissions of the folder, or choose one you may read and write"),
)
KNOWN: dict[int, tuple[Say, Say]] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: (
        ("这里只能读，不能写", "this place is read-only"),
        ("把区域或输出放到能写的地方，或重新挂载", "put the region or the output where it can be written, or mount it anew"),
    ),
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.ENOENT: (("没有这个文件或文件夹", "there is no such file or folder"), ("检查路径写得对不对", "check how the path is written")),
    errno.EISDIR: (("这是文件夹，不是文件", "this is a folder, not a file"), ("写明文件名", "give the name of a file")),
    errno.ENOTDIR: (("路径中有一段是文件，不是文件夹", "part of the path is a file, not a folder"), ("换一个文件夹", "choose a folder")),
    errno.EEXIST: (("这里已有同名的文件", "a file of this name is there already"), ("换一个名称", "choose another name")),
    errno.ENAMETOOLONG: (("名称太长", "the name is too long"), ("换一个短些的名称", "choose a shorter name")),
    errno.EMFILE: (
        ("打开的文件太多", "too many files are open"),
        ("关掉别的程序，或调高 ulimit -n", "close other programs, or raise ulimit -n"),
    ),
}
WRITTEN = re.compile(r"\(os error (\d+)\)")
"""引擎转述系统错误的写法 · How engines that are not Python pass an error of the system on, without its number."""


def explained(error: OSError) -> HengError:
    """系统错误 → 哪里、什么、怎么办 · An error of the system as where, what and how to mend it."""
    text = str(error)
    written = WRITTEN.search(text)
    number = error.errno or (int(written[1]) if written else errno.ENOSPC if "No space left" in text else 0)
    said, mend = KNOWN.get(number, _other(error))
    return HengError(*said, where=str(error.filename or ""), mend=mend)


def _other(error: OSError) -> tuple[Say, Say]:
    what = error.strerror or str(error) or type(error).__name__
    return (f"系统错误：{what}", f"system error: {what}"), (
        "检查磁盘与文件后再试；还不行就加 --debug 看细节",
        "check the disk and the files and try again; --debug shows the details",
    )
