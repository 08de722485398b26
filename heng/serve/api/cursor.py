"""翻页的记号 · The mark by which the next page is asked for: of one generation and one question, and of no other."""

import base64
import json
from hashlib import sha256

from fastapi import Request

from heng.core.errors import HengError
from heng.serve.api.problem import StaleError


def question(request: Request) -> str:
    """问的是什么 · What is asked, but for the mark itself."""
    asked = [request.url.path, *sorted((n, v) for n, v in request.query_params.multi_items() if n not in ("cursor", "size"))]
    return sha256(json.dumps(asked).encode()).hexdigest()[:16]


def mark(request: Request, generation: int, first: int) -> str:
    """写记号 · The mark of the page that begins with this row."""
    return base64.urlsafe_b64encode(json.dumps([generation, first, question(request)]).encode()).decode().rstrip("=")


def first_of(request: Request, cursor: str, generation: int) -> int:
    """读记号 · The row with which the page begins; HengError for a mark of another question, StaleError for one of older data."""
    if not cursor:
        return 0
    held, begin = _read(request, cursor)
    if held != generation:
        raise StaleError(
            "翻页途中数据已更新",
            "the data have changed since the first page",
            where="cursor",
            mend=("不带 cursor 从第一页再取", "begin again without the cursor"),
        )
    return begin


def _read(request: Request, cursor: str) -> tuple[int, int]:
    try:
        held, begin, asked = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if asked == question(request) and isinstance(begin, int) and isinstance(held, int) and 0 <= begin < 2**53:
            return held, begin
    except (ValueError, TypeError, RecursionError) as e:
        raise _strange() from e
    raise _strange()


def _strange() -> HengError:
    return HengError(
        "这个翻页记号不是这个问题的",
        "this mark does not belong to this question",
        where="cursor",
        mend=("照回答里的 next 翻页", "follow `next` of the answer before"),
    )
