"""装到手机桌面 · Installing on a phone: what the page is called there, and what keeps the program's files (never data)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from heng.serve.web.shown import STATIC, static
from heng.serve.web.visit import voice_of

router = APIRouter()
BLUE, PAPER = "#1d4f91", "#f6f8fa"


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """应用清单 · The manifest of the installable page; it names no region: the browser asks for it before log-in."""
    voice = voice_of(request)
    said = {
        "name": voice.pick("衡 · 成本管控", "Heng · cost and quality"),
        "short_name": "衡",
        "lang": "zh-CN" if voice.lang == "zh" else "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": BLUE,
        "background_color": PAPER,
        "icons": [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JSONResponse(said, media_type="application/manifest+json")


@router.get("/service-worker.js")
def service_worker() -> Response:
    """服务工作者 · The service worker; it stands at the root, since a worker serves what lies below it."""
    return FileResponse(STATIC / "service-worker.js", media_type="text/javascript")
