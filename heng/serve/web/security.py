"""网页的门禁 · What every answer says to the browser: only our own files, no frames, nothing guessed, nothing kept."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

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


async def secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """给回答加上门禁 · Adds the headers to an answer; pages are kept nowhere, files of the program as long as they are the same."""
    answer = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    static = request.url.path.startswith("/static/") and "v" in request.query_params
    answer.headers.setdefault("Cache-Control", FOREVER if static else "no-store")
    if request.url.scheme == "https":
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer
