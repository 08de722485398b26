"""谁在调用 · Who calls: a machine by its token, or, for reading only, the person of a session of the pages."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from heng.core.errors import AccessError
from heng.desk.account import Signed
from heng.desk.rights import Asking
from heng.desk.tokens import Machine, machine
from heng.serve.api.limits import Limits, too_many
from heng.serve.web.visit import TOKEN, NotSignedIn, Visit, desk_of, house_of, visit, voice_of

BEARER = HTTPBearer(auto_error=False, description="机器的令牌 · the token of a machine")
COOKIE = APIKeyCookie(name=TOKEN, auto_error=False, description="网页的登录，只能看 · the session of the pages, for reading only")


@dataclass(frozen=True)
class Caller(Visit):
    """调用者 · A visit of a program: `machine` where a token was shown; all that it asks is narrowed to what the token is for."""

    machine: Machine | None = None

    def asking(self, action: str) -> Asking:
        """问的人 · Who asks, to do this; AccessError for what the token is not for."""
        return self.machine.asking(action) if self.machine else super().asking(action)

    def near(self, org: str) -> bool:
        """令牌管到哪里 · Whether what is the desk's of a hospital is within the token."""
        return self.machine is None or self.machine.orgs is None or org in self.machine.orgs


def caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    _cookie: Annotated[str | None, Security(COOKIE)],
) -> Caller:
    """认出调用者 · Who calls; NotSignedIn without a token, TooManyError for who asks too fast."""
    if bearer is None and request.method not in ("GET", "HEAD"):
        raise NotSignedIn  # a change needs a token: a browser sends its cookie unasked
    found = _machine(request, bearer.credentials) if bearer else _person(visit(request))
    limits: Limits = request.app.state.limits
    request.state.limit, may = limits.take(found.login if found.machine is None else f"token/{found.machine.token}")
    if not may:
        raise too_many(request.state.limit)
    return found


def _person(who: Visit) -> Caller:
    return Caller(**vars(who))


def _machine(request: Request, told: str) -> Caller:
    house = house_of(request)
    desk = desk_of(house)
    try:
        found = machine(desk.db, told)
    except AccessError as e:
        raise NotSignedIn from e
    who = Signed(found.person, found.posts, found.purpose)
    return Caller(house, desk.region, desk, voice_of(request), who, found.role, "", machine=found)


Calling = Annotated[Caller, Depends(caller)]
"""每条路都有的参数 · The parameter of every way."""
