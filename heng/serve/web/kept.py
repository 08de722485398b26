"""看过的先记下再给 · What a request has read is in the audit before the first byte of its answer leaves."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heng.core.errors import HengError
from heng.desk.audit import LOOKS, Look, keep


class Kept:
    """记下所看 · Around the whole application: what a request looks at is kept before its answer leaves.

    An answer whose looks cannot be kept is not given; `told` makes the one that says so.
    """

    def __init__(self, app: ASGIApp, told: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        """包住应用 · Around this application."""
        self.app, self.told = app, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """一次请求 · One request."""
        looks, refused = list[Look](), False
        LOOKS.set(looks)  # of this task and of the threads that it asks

        async def write() -> None:
            kept = looks.copy()
            looks.clear()
            if kept:
                await run_in_threadpool(keep, kept)

        async def sent(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            if message["type"] == "http.response.start":
                try:
                    await write()
                except HengError as error:
                    refused = True
                    answer = await self.told(Request(scope), error)
                    await answer(scope, receive, send)
                    return
            await send(message)

        await self.app(scope, receive, sent)
        if not refused:
            await write()
