"""出错怎么说 · What went wrong, as `application/problem+json` (RFC 9457): in both languages, where, and how to mend it."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from heng.core.errors import AccessError, HengError, Say
from heng.desk.requests import ReusedError
from heng.serve.voice import Voice
from heng.serve.web.visit import NotSetUp, NotSignedIn, voice_of

LOG = logging.getLogger("heng.api")
MEDIA = "application/problem+json"


class Problem(BaseModel):
    """出了什么错 · What went wrong; `detail` is in the language asked for, `zh` and `en` say the same."""

    type: str = Field(description="哪一类错 · the kind of error, urn:heng:problem:…")
    title: str
    status: int
    detail: str
    instance: str = Field(description="问的地址 · the address asked")
    zh: str
    en: str
    where: str = Field(description="哪里 · which part of the request, table or place")
    mend_zh: str = Field(description="怎么办 · what to do")
    mend_en: str


class NotThereError(HengError):
    """没有这样东西 · There is nothing of that name."""


class TooManyError(HengError):
    """问得太快 · Too many requests."""


class StaleError(HengError):
    """数据已更新 · The data have changed since the first page."""


ASKED: Say = ("照 /api/v1/openapi.json 改正请求", "mend the request as /api/v1/openapi.json says")
KINDS: dict[type[Exception], tuple[int, str, Say]] = {
    NotThereError: (404, "not-found", ("没有", "not found")),
    TooManyError: (429, "too-many-requests", ("问得太快", "too many requests")),
    StaleError: (409, "stale", ("数据已更新", "the data have changed")),
    ReusedError: (409, "key-reused", ("键已用过", "the key is taken")),
    AccessError: (403, "forbidden", ("不在权限内", "not allowed")),
    HengError: (422, "cannot", ("办不成", "cannot be done")),
}
"""哪种错误是什么状态 · Which status an error is told with: the first kind that fits."""


def told(request: Request, error: HengError) -> Response:
    """说出一个错误 · An error as a problem."""
    status, kind, title = next(said for cls, said in KINDS.items() if isinstance(error, cls))
    return _problem(request, (status, kind, title), error)


def _problem(request: Request, said: tuple[int, str, Say], error: HengError) -> Response:
    status, kind, title = said
    voice: Voice = voice_of(request)
    found = Problem(
        type=f"urn:heng:problem:{kind}",
        title=voice.pick(*title),
        status=status,
        detail=voice.pick(error.zh, error.en),
        instance=request.url.path,
        zh=error.zh,
        en=error.en,
        where=error.where,
        mend_zh=error.mend[0] or ASKED[0],
        mend_en=error.mend[1] or ASKED[1],
    )
    return JSONResponse(found.model_dump(), status, media_type=MEDIA)


def problems(app: FastAPI) -> None:
    """每种错误都这样说 · Have every error of an application told so."""
    app.add_exception_handler(HengError, _known)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, no_such_way)
    app.add_exception_handler(NotSignedIn, _nobody)
    app.add_exception_handler(NotSetUp, _nothing)
    app.add_exception_handler(Exception, _unexpected)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, HengError)  # noqa: S101 - it is registered for nothing else
    answer = told(request, error)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(request.state.limit.wait)
    return answer


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    places = [(".".join(str(p) for p in e["loc"]), str(e["msg"])) for e in error.errors()]
    where = ", ".join(dict.fromkeys(place for place, _ in places))
    said = "; ".join(f"{place}: {what}" for place, what in places)
    wrong = HengError(f"请求写得不对：{said}", f"the request is not well formed: {said}", where=where[:400], mend=ASKED)
    return _problem(request, (400, "malformed", ("请求写得不对", "the request is not well formed")), wrong)


async def no_such_way(request: Request, error: Exception) -> Response:
    """没有这条路 · What is said where no way leads, or not so."""
    assert isinstance(error, HTTPException)  # noqa: S101
    words = {404: ("没有这个地址", "there is no such address"), 405: ("这个地址不能这样用", "this address cannot be used so")}
    phrase = HTTPStatus(error.status_code).phrase
    zh, en = words.get(error.status_code, (phrase, phrase.lower()))
    answer = _problem(request, (error.status_code, phrase.lower().replace(" ", "-"), (zh, en)), HengError(zh, en, mend=ASKED))
    answer.headers.update(error.headers or {})
    return answer


async def _nobody(request: Request, _error: Exception) -> Response:
    wrong = HengError(
        "没有令牌，或已失效",
        "there is no token, or it has ended",
        where="Authorization",
        mend=("带上 Authorization: Bearer 令牌", "send Authorization: Bearer TOKEN"),
    )
    answer = _problem(request, (401, "unauthorized", ("不知道是谁在问", "it is not known who asks")), wrong)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="heng"'
    return answer


async def _nothing(request: Request, _error: Exception) -> Response:
    mend = ("先打开网页完成设置", "open the pages and set it up first")
    wrong = HengError("这个区域还没有案头", "this region has no desk yet", mend=mend)
    return _problem(request, (503, "not-set-up", (wrong.zh, wrong.en)), wrong)


async def _unexpected(request: Request, error: Exception) -> Response:
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    wrong = HengError(
        "出了意外，这一步没有做成",
        "something unexpected happened: this step was not done",
        mend=("请再试一次；仍不行，把时间告诉信息科", "try again; if it fails again tell your IT department when"),
    )
    return _problem(request, (500, "unexpected", ("出了意外", "something unexpected happened")), wrong)
