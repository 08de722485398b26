"""统一身份登录 · Log-in through the house's provider: a small one on loopback, that can be made to lie in every way."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from heng.serve.web.application import application

SECRET = "a secret of the provider and ours alone"  # noqa: S105 - of a provider that does not exist
Lie = Callable[[dict[str, Any]], dict[str, Any]]


class Provider:
    """A provider of identities: says who has just logged in there, or lies about it."""

    def __init__(self) -> None:
        self.key, self.login, self.lie = RSAKey.generate_key(2048, {"kid": "one"}), "kuaiji", dict[str, Any]
        self.nonce = self.challenge = ""
        self.asked: dict[str, list[str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def let_in(self, address: str) -> str:
        """The person logs in there: where the browser is sent back to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", "heng", "S256")
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        return f"{urlsplit(asked['redirect_uri']).path}?code=once&state={asked['state']}"

    def token(self, form: dict[str, list[str]], credentials: str) -> dict[str, Any]:
        """The token for a code; only to us, with the verifier of our challenge."""
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        if digest != self.challenge or base64.b64decode(credentials.removeprefix("Basic ")).decode() != f"heng:{SECRET}":
            return {"error": "invalid_grant"}
        now = int(time())
        claims = {"iss": self.issuer, "aud": "heng", "sub": "1", "exp": now + 300, "iat": now, "nonce": self.nonce}
        told = self.lie(claims | {"preferred_username": self.login})
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(told)}

    def sign(self, claims: dict[str, Any]) -> str:
        """As an honest provider does; a test may put another way in its place."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - inside, `self` is the handler
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                at = provider.issuer
                known = {"issuer": at, "authorization_endpoint": f"{at}/in", "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys"}
                self._say(known if "well-known" in self.path else {"keys": [provider.key.as_dict(private=False)]})

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                self._say(provider.token(form, self.headers.get("authorization", "")))

            def _say(self, what: dict[str, Any]) -> None:
                body = json.dumps(what).encode()
                self.send_response(400 if "error" in what else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """One key pair: making one takes long."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, key: RSAKey) -> Iterator[Provider]:
    """A provider on loopback."""
    monkeypatch.setattr(RSAKey, "generate_key", lambda *_: key)
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def app(served: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The site of a region whose heng.yaml names the provider."""
    monkeypatch.setenv("HENG_OIDC", SECRET)
    with (served / "heng.yaml").open("a", encoding="utf8") as settings:
        settings.write(f'login:\n  oidc: {{name: 统一身份, issuer: "{provider.issuer}", client: heng, secret: {{env: HENG_OIDC}}}}\n')
    made = application(served)
    yield made
    made.state.house.close()


def away(browser: TestClient, to: str = "/account") -> str:
    """To the provider: its address."""
    return str(browser.get(f"/oidc?to={to}", follow_redirects=False).headers["location"])


def test_who_is_let_in_there_is_let_in_here_and_goes_where_she_wanted(app: FastAPI, provider: Provider) -> None:
    browser = TestClient(app)
    assert "用“统一身份”登录" in browser.get("/login").text
    page = browser.get(provider.let_in(away(browser)))
    assert page.url.path == "/account"
    assert "kuaiji" in page.text


def test_who_has_no_account_is_told_whom_to_ask(app: FastAPI, provider: Provider) -> None:
    browser, provider.login = TestClient(app), "stranger"
    page = browser.get(provider.let_in(away(browser)))
    assert page.status_code == 403
    assert "衡里没有账号 stranger" in page.text
    assert "请系统管理员加上您的账号" in page.text
    assert browser.get("/account").url.path == "/login"


@pytest.mark.parametrize(
    "lie",
    [
        lambda c: c | {"nonce": "of another log-in"},
        lambda c: c | {"iss": "https://elsewhere.example"},
        lambda c: c | {"aud": "another client"},
        lambda c: c | {"exp": int(time()) - 3600},
        lambda c: {k: v for k, v in c.items() if k != "nonce"},
        lambda c: {k: v for k, v in c.items() if k != "preferred_username"},
        lambda c: c | {"preferred_username": ["kuaiji"]},
    ],
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(app: FastAPI, provider: Provider, lie: Lie) -> None:
    browser, provider.lie = TestClient(app), lie
    assert browser.get(provider.let_in(away(browser))).status_code == 403
    assert browser.get("/account").url.path == "/login"


def unsigned(head: dict[str, str], claims: dict[str, Any]) -> bytes:
    """The part of a token that is signed."""
    return b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims))


@pytest.mark.parametrize("alg", ["HS256", "none"])
def test_a_token_signed_with_what_everybody_knows_lets_nobody_in(
    app: FastAPI, provider: Provider, monkeypatch: pytest.MonkeyPatch, alg: str
) -> None:
    """The oldest tricks: a signature with the public key taken for a shared secret, and none at all."""

    def sign(claims: dict[str, Any]) -> str:
        told = unsigned({"alg": alg, "kid": "one"}, claims)
        made = b"" if alg == "none" else hmac.digest(provider.key.as_pem(private=False), told, "sha256")
        return (told + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")).decode()

    browser = TestClient(app)
    monkeypatch.setattr(provider, "sign", sign)
    assert browser.get(provider.let_in(away(browser))).status_code == 403
    assert browser.get("/account").url.path == "/login"


def test_an_answer_to_somebody_elses_question_lets_nobody_in(app: FastAPI, provider: Provider) -> None:
    mine, hers = TestClient(app), TestClient(app)
    back = provider.let_in(away(hers))
    assert mine.get(back).status_code == 403  # no errand of mine at all
    away(mine)
    assert mine.get(back).status_code == 403  # another errand
    assert hers.get(back.replace("state=", "state=x")).status_code == 403
    assert hers.get(back).status_code == 403  # an errand is run once
    for kept in ("x", "1", "{}", '{"state": 1}'):
        assert TestClient(app, cookies={"heng_oidc": kept}).get(back).status_code == 403


def test_a_refusal_there_is_told_here(app: FastAPI) -> None:
    browser = TestClient(app)
    state = parse_qs(urlsplit(away(browser)).query)["state"][0]
    page = browser.get(f"/oidc/back?error=access_denied&error_description=not%20today&state={state}")
    assert page.status_code == 403
    assert "not today" in page.text


def test_a_provider_that_is_down_is_told_and_passwords_still_work(app: FastAPI, provider: Provider) -> None:
    provider.server.shutdown()
    provider.server.server_close()
    page = TestClient(app).get("/oidc")
    assert page.status_code == 403
    assert "用账号口令登录" in page.text
    assert 'name="password"' in page.text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("login: {oidc: {issuer: 'http://id.example.cn', client: heng, secret: {env: HENG_OIDC}}}", "issuer 须以 https:// 开头"),
        ("login: {oidc: {issuer: 'https://id.example.cn', client: heng}}", "issuer、client、secret"),
        ("login: {oidc: {issuer: 'https://id.example.cn', client: heng, secret: words}}", "不写在这里"),
        ("login: {oidc: {issuer: 'https://id.example.cn', client: heng, secret: {env: HENG_OIDC}, claims: x}}", "没有设置 claims"),
    ],
)
def test_settings_that_cannot_be_understood_are_told(served: Path, monkeypatch: pytest.MonkeyPatch, written: str, said: str) -> None:
    monkeypatch.setenv("HENG_OIDC", SECRET)
    with (served / "heng.yaml").open("a", encoding="utf8") as settings:
        settings.write(written + "\n")
    app = application(served)
    page = TestClient(app).get("/login")
    assert page.status_code == 400
    assert said in page.text
    app.state.house.close()
