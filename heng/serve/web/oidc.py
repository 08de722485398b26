"""由身份提供方登录 · To the house's identity provider and back (OpenID Connect), with state, nonce and PKCE; the extra `oidc`."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from heng.core.errors import AccessError, Say
from heng.serve.web.provider import Provider, private

SIGNED = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""认哪些签名 · Signatures that are taken: those that only the provider can make."""
PATIENCE = 10


@dataclass(frozen=True)
class Errand:
    """去一趟 · What the browser keeps while it is at the provider: it must bring the same back."""

    state: str
    nonce: str
    verifier: str
    back: str


def sent_away(provider: Provider, back: str) -> tuple[str, Errand]:
    """送过去 · The address at the provider to which the browser is sent, and what it keeps meanwhile."""
    with _asking(provider) as client:
        errand = Errand(generate_token(32), generate_token(32), generate_token(48), back)
        address, _ = client.create_authorization_url(
            _metadata(client, provider)["authorization_endpoint"],
            state=errand.state,
            nonce=errand.nonce,
            code_verifier=errand.verifier,
            redirect_uri=back,
        )
    return str(address), errand


def come_back(provider: Provider, errand: Errand, answer: Mapping[str, str]) -> str:
    """回来了 · The login that the provider vouches for; AccessError where it does not, or the answer is not to our question."""
    if not errand.state or answer.get("state") != errand.state:
        raise _refused(provider, ("这次登录不是从这里发起的，或已过期", "this log-in did not begin here, or too long ago"))
    if "code" not in answer:
        said = answer.get("error_description") or answer.get("error", "")
        raise _refused(provider, (f"对方没有放行：{said[:200]}", f"it did not let you in: {said[:200]}"))
    with _asking(provider) as client:
        known = _metadata(client, provider)
        token = client.fetch_token(
            known["token_endpoint"], code=answer["code"], code_verifier=errand.verifier, redirect_uri=errand.back, state=errand.state
        )
        keys = client.request("GET", known["jwks_uri"], withhold_token=True).raise_for_status().json()
        claims = _claims(provider, errand, str(token.get("id_token", "")), keys)
    login = claims.get(provider.claim)
    if not isinstance(login, str) or not login.strip():
        raise _refused(provider, (f"对方没有说明账号（{provider.claim}）", f"it does not tell the login ({provider.claim})"))
    return login.strip()


def _claims(provider: Provider, errand: Errand, token: str, keys: Any) -> dict[str, Any]:
    decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=SIGNED)
    rules = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": errand.nonce},
    )
    rules.validate(decoded.claims)
    return dict(decoded.claims)


def _metadata(client: OAuth2Client, provider: Provider) -> dict[str, str]:
    place = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    known: dict[str, str] = client.request("GET", place, withhold_token=True).raise_for_status().json()
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not private(str(known.get(name, ""))):
            raise ValueError(name)
    if known.get("issuer") != provider.issuer:
        raise ValueError("issuer")
    return known


@contextmanager
def _asking(provider: Provider) -> Iterator[OAuth2Client]:
    """A client of the provider; whatever goes wrong at the other end is told as that, without what was sent."""
    trusted = ssl.create_default_context(cafile=provider.ca or None)
    with OAuth2Client(
        provider.client, provider.secret, scope=provider.scope, code_challenge_method="S256", timeout=PATIENCE, verify=trusted
    ) as client:
        try:
            yield client
        except (HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError) as e:
            raise _refused(provider, (f"对方的回答不能用（{type(e).__name__}）", f"its answer cannot be used ({type(e).__name__})")) from e


def _refused(provider: Provider, what: Say) -> AccessError:
    mend = ("再试一次；仍不行请告诉信息科，或用账号口令登录", "try again; else tell the IT department, or log in with your password")
    return AccessError(what[0], what[1], where=provider.name, mend=mend)
