"""数据库的毛病，用人话说 · What goes wrong with the desk's database, in words that a person can mend."""

from urllib.parse import unquote

from sqlalchemy import URL, inspect
from sqlalchemy.engine import ExceptionContext

from heng.core.errors import DeskError, Say


def wrong_place() -> DeskError:
    """地址不对 · The address is no address; it is not repeated, for it may hold a password."""
    return DeskError(
        "案头数据库的地址看不懂",
        "the address of the desk's database cannot be understood",
        where="desk",
        mend=(
            "写作 postgresql://用户:口令@主机:5432/库名（口令中的特殊字符写成 %XX），或给出一个 SQLite 文件",
            "write postgresql://user:password@host:5432/database (odd characters of the password as %XX), or name an SQLite file",
        ),
    )


def told_place(url: URL) -> str:
    """数据库在哪里 · Where a database is, as people write it: the file, or the address without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return unquote(url.render_as_string(hide_password=True))


def no_driver(url: URL) -> DeskError:
    """缺少驱动 · The driver of PostgreSQL comes with an extra."""
    return DeskError(
        "没有装 PostgreSQL 的驱动 pg8000",
        "pg8000, the driver of PostgreSQL, is not installed",
        where=told_place(url),
        mend=("请安装：pip install 'heng[postgresql]'", "install it: pip install 'heng[postgresql]'"),
    )


def cannot_open(url: URL, error: BaseException) -> DeskError:
    """打不开 · The file or the server is not there, or does not let us in."""
    if "readonly database" in _said(error).lower():
        return DeskError(*READ_ONLY[0], where=told_place(url), mend=READ_ONLY[1])
    mend: Say = (
        "请看文件夹是否存在、可写，文件是否为 SQLite 数据库",
        "see that the folder is there and may be written to, and that the file is an SQLite database",
    )
    if url.get_backend_name() != "sqlite":
        mend = (
            "请看服务器是否开着，主机、端口、库名、用户、口令是否正确",
            "see that the server runs, and that host, port, database, user and password are right",
        )
    return DeskError(
        f"案头数据库打不开：{_said(error)}", f"the desk's database cannot be opened: {_said(error)}", where=told_place(url), mend=mend
    )


def fits(_mapper: object, _connection: object, row: object) -> None:
    """放得下吗 · DeskError for a text that is longer than its column, on every database alike, before anything is written."""
    for attribute in inspect(type(row)).column_attrs:
        column, text = attribute.columns[0], getattr(row, attribute.key)
        longest = getattr(column.type, "length", None)
        if isinstance(text, str) and "\x00" in text:
            raise DeskError(*UNKEEPABLE[0], where=f"{column.table.name}.{column.name}", mend=UNKEEPABLE[1])
        if longest is not None and isinstance(text, str) and len(text) > longest:
            raise DeskError(
                f"有一项文字太长：{len(text)} 字，至多 {longest} 字",
                f"one of the texts is too long: {len(text)} characters, at most {longest}",
                where=f"{column.table.name}.{column.name}",
                mend=("请写短一些", "write it shorter"),
            )


def told(context: ExceptionContext) -> None:
    """能改正的说给人听 · Raise what a person can mend as DeskError; everything else stays the error it is."""
    error, engine = context.original_exception, context.engine
    if context.is_pre_ping or engine is None:
        return
    said = _said(error).lower()
    if context.connection is None:
        raise cannot_open(engine.url, error) from error
    for words, (zh, en), mend in MENDABLE:
        if any(word in said for word in words) or (context.is_disconnect and not words):
            raise DeskError(zh, en, where=told_place(engine.url), mend=mend) from error


def _said(error: BaseException) -> str:
    first = error.args[0] if error.args else error
    return f"{first.get('M')} [{first.get('C')}]" if isinstance(first, dict) else str(first)


READ_ONLY: tuple[Say, Say] = (
    ("案头数据库只能读，写不进去", "the desk's database cannot be written: it is read-only"),
    (
        "请让运行衡的用户能写这个文件和它所在的文件夹（如 chmod u+w），或在可写的副本上工作；已确认的内容都还在",
        "let who runs Heng write the file and its folder (such as chmod u+w), or work on a copy; what was acknowledged is there",
    ),
)
"""只读时怎么说 · What is said of a database that may not be written."""
UNKEEPABLE: tuple[Say, Say] = (
    ("文字里有不能保存的字符（NUL）", "the text holds a character that cannot be kept (NUL)"),
    ("请去掉再试", "take it out and try again"),
)
"""有 NUL 时怎么说 · What is said of a text with NUL: PostgreSQL keeps none, so no desk does."""
MENDABLE: list[tuple[tuple[str, ...], Say, Say]] = [
    (
        ("database is locked", "[55p03]"),
        ("另一个写入占着案头数据库，等了半分钟还没有完", "another writer held the desk's database for more than half a minute"),
        ("请稍后再试；一直如此，请看哪个程序停在半路", "try again soon; if it goes on, look which program stands still half-way"),
    ),
    (("0x00", "\\x00"), *UNKEEPABLE),
    (
        ("readonly database",),
        *READ_ONLY,
    ),
    (
        ("database or disk is full", "disk i/o error", "[53100]"),
        ("案头数据库写不进去", "the desk's database cannot be written"),
        (
            "请看磁盘是否已满、文件是否可写；已确认的内容都还在",
            "see whether the disk is full and the file may be written; all that was acknowledged is there",
        ),
    ),
    (
        ("no such table", "no such column", "[42p01]", "[42703]"),
        ("案头数据库的表还没有建好，或者版本旧了", "the tables of the desk's database are not made yet, or are of an older release"),
        ("请更新：heng desk upgrade", "bring them up to date: heng desk upgrade"),
    ),
    (
        ("[22003]", "int too large"),
        ("这个数太大", "the number is too large"),
        ("请看号码是否写对", "see how it is written"),
    ),
    (
        (),  # the connection is gone
        ("与案头数据库的连接断了", "the connection to the desk's database is lost"),
        ("请再试一次：同一件事做两次也只记一次", "do it again: what is done twice is there once"),
    ),
]
"""（数据库的话或代码，何事，怎么办） · What a database says (words of SQLite, codes of PostgreSQL), what that means, how to mend it."""
