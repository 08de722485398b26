"""统一身份登录 · The way to the house's identity provider and back."""

from dataclasses import asdict
from json import JSONDecodeError, dumps, loads
from types import ModuleType

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from heng.core.errors import AccessError, DeskError, HengError
from heng.desk.account import signed
from heng.desk.sessions import vouched
from heng.serve.web.pages.log_in import entered, inside, refused
from heng.serve.web.provider import Provider, provider_of
from heng.serve.web.visit import desk_of, house_of

router = APIRouter()
KEPT = "heng_oidc"
"""去一趟带的饼干 · The cookie of the errand; it lasts ten minutes."""
TEN_MINUTES = 600


@router.get("/oidc")
def away(request: Request, to: str = "/") -> Response:
    """去身份提供方 · To the provider."""
    provider = _provider(request)
    here = provider.address.rstrip("/") or str(request.base_url).rstrip("/")
    try:
        address, errand = _flow().sent_away(provider, f"{here}/oidc/back")
    except HengError as e:
        return refused(request, e)
    answer = RedirectResponse(address, 303)
    kept, secure = dumps(asdict(errand) | {"to": inside(to)}), request.url.scheme == "https"
    answer.set_cookie(KEPT, kept, max_age=TEN_MINUTES, path="/oidc", httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/oidc/back")
def back(request: Request) -> Response:
    """回来 · Back from the provider: into the site, or told why not."""
    provider, db = _provider(request), desk_of(house_of(request)).db
    try:
        flow, kept = _flow(), _kept(request)
        to = kept.pop("to")
        token = vouched(db, flow.come_back(provider, flow.Errand(**kept), request.query_params), provider.issuer)
        signed(db, token)
    except HengError as e:
        answer = refused(request, e)
    else:
        answer = entered(request, token, to)
    answer.delete_cookie(KEPT, path="/oidc")
    return answer


def _provider(request: Request) -> Provider:
    provider = provider_of(house_of(request).region())
    if provider is None:
        raise DeskError("没有设统一登录", "no identity provider is set up", where="heng.yaml login")
    return provider


def _flow() -> ModuleType:
    try:
        from heng.serve.web import oidc  # noqa: PLC0415 - an extra that need not be installed
    except ModuleNotFoundError as e:
        raise DeskError(
            "没有装统一登录的组件",
            "what log-in through a provider needs is not installed",
            where="heng.yaml login",
            mend=("pip install 'heng[oidc]'", "pip install 'heng[oidc]'"),
        ) from e
    return oidc


def _kept(request: Request) -> dict[str, str]:
    try:
        told = loads(request.cookies.get(KEPT, ""))
    except JSONDecodeError as e:
        raise _stranger() from e
    wanted = {*_flow().Errand.__dataclass_fields__, "to"}
    if not (isinstance(told, dict) and set(told) == wanted and all(isinstance(v, str) for v in told.values())):
        raise _stranger()
    return told


def _stranger() -> AccessError:
    return AccessError(
        "这次登录不是从这里发起的，或已过期",
        "this log-in did not begin here, or too long ago",
        where="oidc",
        mend=("回到登录页再试", "go back to the log-in page"),
    )
