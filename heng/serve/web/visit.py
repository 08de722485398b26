"""一次来访：谁、以何身份、说哪种语言 · One visit: who asks, in which role, in which language; decided once for each request."""

import hmac
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Request

from heng.app.asking import reading_as
from heng.app.desk import Desk
from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.errors import AccessError
from heng.desk.account import IDLE, Signed, signed
from heng.desk.rights import SEE, Asking
from heng.serve.voice import Voice
from heng.serve.web.house import House
from heng.words import LANGUAGES

TOKEN, ROLE, LANG, PURPOSE = "heng_session", "heng_role", "heng_lang", "heng_purpose"
"""饼干的名字 · The names of the cookies: the session, the role that was chosen, the language, what she looks at data for."""


class NotSignedIn(Exception):  # noqa: N818 - not a fault: the visitor is shown the way in
    """还没登录 · The visitor has not logged in, or too long ago."""


class NotSetUp(Exception):  # noqa: N818 - not a fault: the first visitor sets the region up
    """还没建案头 · The region has no desk yet: the first-run wizard comes first."""


@dataclass(frozen=True)
class Visit:
    """来访 · `token` proves the session, `role` is one of the posts held today (or of those she stands in for)."""

    house: House
    region: Region
    desk: Desk
    voice: Voice
    signed: Signed
    role: str
    token: str
    readers: dict[Asking, Reader] = field(default_factory=dict, repr=False, compare=False)

    @property
    def login(self) -> str:
        """账号 · The login."""
        return self.signed.person.login

    @property
    def purpose(self) -> str:
        """为了什么 · What she looks at data for; empty for nothing in particular."""
        return self.signed.purpose

    @property
    def roles(self) -> tuple[str, ...]:
        """今天的角色 · The roles held today."""
        return roles_of(self.signed)

    @property
    def orgs(self) -> tuple[str, ...]:
        """任职的医院 · The hospitals of the posts held in this role; empty: the region's."""
        return tuple(dict.fromkeys(p.org for p in self.signed.posts if p.role == self.role and p.org))

    @property
    def depts(self) -> tuple[str, ...]:
        """任职的科室 · The departments of the posts held in this role; empty: the whole hospital."""
        return tuple(dict.fromkeys(p.dept for p in self.signed.posts if p.role == self.role and p.dept))

    @property
    def idle(self) -> int:
        """闲多久就退出 · After how many idle seconds the session ends: a sign of life is written down once a minute."""
        return int(IDLE.total_seconds()) - 60

    @property
    def csrf(self) -> str:
        """表单的凭证 · What a form carries to show that it was made for this session."""
        return proof_of(self.token)

    def asking(self, action: str) -> Asking:
        """问的人 · Who asks, to do this."""
        return Asking(self.login, self.role, self.purpose, action)

    def reader(self, action: str = SEE) -> Reader:
        """带着范围看 · The region through her scope; AccessError when the role is not hers."""
        asking = self.asking(action)
        if asking not in self.readers:
            self.readers[asking] = reading_as(self.desk, asking)
        return self.readers[asking]


def roles_of(who: Signed) -> tuple[str, ...]:
    """有哪些角色 · The roles of a person's posts, each once."""
    return tuple(dict.fromkeys(p.role for p in who.posts))


def proof_of(token: str) -> str:
    """凭证 · The proof that goes with a token; it does not tell the token."""
    return sha256(b"csrf:" + token.encode()).hexdigest()


def voice_of(request: Request) -> Voice:
    """说哪种语言 · The language chosen on the page, else the browser's, else Chinese."""
    chosen = request.cookies.get(LANG, "") or request.headers.get("accept-language", "")[:2]
    return Voice(lang=chosen if chosen in LANGUAGES else "zh")


def house_of(request: Request) -> House:
    """所服务的区域 · The region that this server serves."""
    house: House = request.app.state.house
    return house


def desk_of(house: House) -> Desk:
    """可以登录的案头 · The desk of a house in which somebody can log in; NotSetUp before that."""
    desk = house.desk() if house.begun else None
    if desk is None:
        raise NotSetUp
    return desk


def visit(request: Request) -> Visit:
    """认出来访者 · Who asks; NotSetUp, NotSignedIn or AccessError when that cannot be said."""
    house, token = house_of(request), request.cookies.get(TOKEN, "")
    desk = desk_of(house)
    if not token:
        raise NotSignedIn
    try:
        who = signed(desk.db, token)
    except AccessError as e:
        raise NotSignedIn from e
    roles, chosen = roles_of(who), request.cookies.get(ROLE, "")
    role = chosen if chosen in roles else next(iter(roles), "public")
    purpose = unquote(request.cookies.get(PURPOSE, ""))[:200] or who.purpose
    return Visit(house, desk.region, desk, voice_of(request), replace(who, purpose=purpose), role, token)


ANYBODY = ("/login", "/password", "/setup", "/setup/region", "/setup/people")
"""还没有会话时提交的表单 · Forms that are sent before there is a session; the browser says that they are of this site."""


async def form_checked(request: Request) -> None:
    """表单须出自本站本人 · AccessError for a change whose form (or header) was not made for this session."""
    if request.method in ("GET", "HEAD"):
        return
    if request.url.path in ANYBODY:
        genuine = _of_this_site(request)
    else:
        given = request.headers.get("x-csrf", "")
        if not given and "form" in request.headers.get("content-type", ""):
            given = str((await request.form()).get("csrf", ""))
        token = request.cookies.get(TOKEN, "")
        genuine = bool(token) and hmac.compare_digest(given.encode(), proof_of(token).encode())
    if not genuine:
        raise AccessError(
            "这张表单不是在本次登录中打开的",
            "this form was not opened in the present session",
            where="csrf",
            mend=("请刷新页面再试", "reload the page and try again"),
        )


def _of_this_site(request: Request) -> bool:
    # A browser tells the first of these on TLS and on this machine only, the second with every form.
    fetched, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    return origin is None or origin.partition("://")[2] == request.url.netloc


Visiting = Annotated[Visit, Depends(visit)]
"""要登录的页面 · The parameter of every page that needs a person."""
