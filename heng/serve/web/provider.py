"""医院自己的身份提供方 · The house's own identity provider (OpenID Connect), as heng.yaml names it.

login:
  oidc: {name: 统一身份, issuer: "https://id.example.cn", client: heng, secret: {env: HENG_OIDC}, claim: preferred_username}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from heng.app.region import Region
from heng.core.errors import DeskError, Say, did_you_mean
from heng.desk.secret import secret

KEYS = {"name", "issuer", "client", "secret", "claim", "scope", "ca", "address"}
HOW = ("写法见 docs/how-to/accounts.md", "how it is written: docs/how-to/accounts.md")


@dataclass(frozen=True)
class Provider:
    """身份提供方 · `claim` says the login; `ca`: file of the house's own authority; `address`: the site's, behind a proxy."""

    name: str
    issuer: str
    client: str
    secret: str
    claim: str = "preferred_username"
    scope: str = "openid profile"
    ca: str = ""
    address: str = ""


def provider_of(region: Region) -> Provider | None:
    """设好的提供方 · The provider that heng.yaml names; None where there is none, DeskError where it cannot be understood."""
    said = region.settings.get("login")
    if said is None:
        return None
    rows = said.get("oidc") if isinstance(said, Mapping) and set(said) == {"oidc"} else None
    if not isinstance(rows, Mapping) or not {"issuer", "client", "secret"} <= set(rows):
        raise _unclear(("oidc 要写 issuer、client、secret", "oidc needs issuer, client and secret"))
    if strange := sorted(set(map(str, rows)) - KEYS):
        raise _unclear((f"没有设置 {strange[0]}", f"there is no setting {strange[0]}"), did_you_mean(strange[0], KEYS))
    told = {"name": "OpenID Connect"} | {str(k): str(v) for k, v in rows.items() if k != "secret"}
    if not private(told["issuer"]):
        raise _unclear(("issuer 须以 https:// 开头", "issuer begins with https://"))
    return Provider(secret=secret(rows["secret"], "login.oidc.secret", region.path), **told)


def private(url: str) -> bool:
    """私密的路 · Whether nobody listens on the way to an address."""
    # On the way to this machine itself nobody listens.
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))


def _unclear(what: Say, mend: Say = HOW) -> DeskError:
    return DeskError(f"heng.yaml 的 login 看不懂：{what[0]}", f"login in heng.yaml: {what[1]}", where="login", mend=mend)
