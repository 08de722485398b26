"""网页的门禁 · What every answer says to the browser: only our own files, no frames, nothing guessed, nothing kept."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""内容安全策略 · No inline script or style, no eval, nothing from elsewhere."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOREVER = "public, max-age=31536000, immutable"


class Secured:
    """给回答加上门禁 · Adds the headers to every answer; pages are kept nowhere, files of the program as long as they are the same."""

    def __init__(self, app: ASGIApp) -> None:
        """包住应用 · Around this application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """一次请求 · One request; what an answer says for itself stays."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _told(scope).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sent)


def _told(scope: Scope) -> dict[str, str]:
    static = scope["path"].startswith("/static/") and b"v=" in scope["query_string"]
    safe = {"Strict-Transport-Security": "max-age=31536000"} if scope["scheme"] == "https" else {}
    return HEADERS | {"Cache-Control": FOREVER if static else "no-store"} | safe
