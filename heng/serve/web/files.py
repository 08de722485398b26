"""把看到的表带走 · A table as seen, taken away: JSON page by page, CSV while it is written, Excel as far as Excel is of use."""

from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from heng.core.errors import HengError
from heng.serve.labels import Labels
from heng.serve.saved import Chosen, save_chosen, sent
from heng.serve.web.downloads import ENDINGS, as_file

MOST = {".xlsx": 100_000, ".csv": 3_000_000}
"""一个文件至多几行 · Rows of one file at most: a workbook of more takes a minute to write and is read by nobody."""


def bounded(ending: str, rows: int) -> None:
    """够不够小 · HengError when the file would be too large, before anything is read."""
    if rows > MOST[ending]:
        instead = ("请先筛选，或改取 .csv", "filter first, or take the .csv") if ending == ".xlsx" else ("请先筛选", "filter first")
        raise HengError(
            f"共 {rows:,} 行，一个 {ending} 文件至多 {MOST[ending]:,} 行",
            f"{rows:,} rows: a {ending} file holds {MOST[ending]:,} at most",
            where=ending,
            mend=instead,
        )


def taken(found: Chosen, labels: Labels, name: str, ending: str) -> Response:
    """写成文件 · The file under its name: the rows with headings, units and words as on the screen, and the same totals."""
    if ending == ".xlsx":
        return as_file(name, ending, lambda path: save_chosen(found, labels, path))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name + ending)}"}
    return StreamingResponse(sent(found, labels), media_type=ENDINGS[ending], headers=headers)
