"""本机的邮件服务器与群机器人 · A mail server and robots of groups on this machine: real sockets, port 0, nothing leaves it."""

import email
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""只给 127.0.0.1 试验用的证书与钥匙 · A certificate for 127.0.0.1 with its key: worth nothing, kept for tests alone."""


class Letters:
    """收到的信，与下一封怎样回答 · What has arrived, and what to answer to a recipient or to the text of the next letters."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.to: dict[str, list[str]] = {}
        self.text: list[str] = []

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        answers = self.to.get(address, [])
        said = answers.pop(0) if answers else "250 OK"
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.text:
            return self.text.pop(0)
        message = email.message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return "250 taken"

    @property
    def subjects(self) -> list[str]:
        return [str(m["Subject"]) for m in self.arrived]


class _Server(Controller):
    def _trigger_server(self) -> None:  # the port is known once the server listens
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(letters: Letters, *, port: int = 0, starttls: bool = False, password: str = "") -> Iterator[int]:
    """A mail server; gives its port. With `starttls` it refuses everything else; with a password the user is `heng`."""
    more: dict[str, Any] = {}
    if starttls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        more |= {"tls_context": context, "require_starttls": True}
    if password:

        def known(_: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
            assert isinstance(given, LoginPassword)
            return AuthResult(success=(given.login, given.password) == (b"heng", password.encode()), handled=False)

        more |= {"authenticator": known, "auth_required": True}
    server = _Server(letters, hostname="127.0.0.1", port=port, **more)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


class Posts:
    """机器人收到的 · What a robot was sent: (path with query, JSON); `answers` are (status, body) for the next ones."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, Any]] = []
        self.answers: list[tuple[int, str]] = []

    @property
    def texts(self) -> list[str]:
        return [data["text"]["content"] for _, data in self.arrived]


@contextmanager
def robot_server(posts: Posts) -> Iterator[str]:
    """A robot; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posts.arrived.append((self.path, data))
            status, body = posts.answers.pop(0) if posts.answers else (200, '{"errcode":0,"errmsg":"ok"}')
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes a connection and never says a word; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
