"""通道的毛病，用人话说 · What is wrong with a channel, in words that a person can mend: which host, what, and what to check."""

import smtplib
import socket
import ssl
from http.client import HTTPException

from heng.core.errors import Say

SEEN: list[tuple[tuple[type[Exception], ...], Say]] = [  # the narrower kinds first
    (
        (socket.gaierror,),
        ("找不到主机 {at}：请核对主机名，并看本机的 DNS", "host {at} is not found: check its name, and the DNS of this machine"),
    ),
    (
        (ConnectionRefusedError,),
        (
            "{at} 拒绝连接：请看服务是否开着、端口是否正确、防火墙是否放行",
            "{at} refuses the connection: check that the service runs, the port, and the firewall",
        ),
    ),
    (
        (TimeoutError,),
        ("{at} 没有回应：请看主机与端口是否正确、防火墙是否放行", "{at} does not answer: check host and port, and the firewall"),
    ),
    (
        (ssl.SSLCertVerificationError,),
        (
            "{at} 的证书不被信任：请核对主机名；用自建 CA 的在 ca 写明其证书",
            "the certificate of {at} is not trusted: check the host's name; name the certificate of your own CA under ca",
        ),
    ),
    (
        (ssl.SSLError,),
        (
            "与 {at} 的加密谈不拢：请核对 tls（tls、starttls、none）与端口",
            "no encryption is agreed with {at}: check tls (tls, starttls, none) and the port",
        ),
    ),
    (
        (smtplib.SMTPAuthenticationError,),
        (
            "{at} 不认用户或口令：请核对 user 与 password，有的邮箱要用授权码",
            "{at} does not know user or password: check both; some mail services want an authorisation code",
        ),
    ),
    (
        (smtplib.SMTPNotSupportedError,),
        (
            "{at} 不会这样收信：请核对 tls（tls、starttls、none）与收件地址",
            "{at} cannot take mail this way: check tls (tls, starttls, none) and the address",
        ),
    ),
    (
        (smtplib.SMTPServerDisconnected, ConnectionError, HTTPException),
        (
            "{at} 中途断开：请核对端口与加密方式（tls），再看对方的日志",
            "{at} hung up: check the port and the encryption (tls), and its log",
        ),
    ),
    ((OSError,), ("到 {at} 的网络不通：请看网线、网关与防火墙", "there is no way to {at}: check cable, gateway and firewall")),
]
"""（哪种错误，怎么说） · Kinds of errors, and what is said of a host."""
ANSWERS: list[tuple[range, Say]] = [
    (range(300, 400), ("网址换了地方：请改写 url", "it has moved: write the new url")),
    (range(401, 404, 2), ("不让进：请核对 url 中的密钥", "no entry: check the key in the url")),
    (range(404, 405), ("没有这个网址：请核对 url", "there is no such address: check the url")),
    (range(407, 408), ("代理要登录：请看本机的代理设置", "the proxy wants a log-in: check this machine's proxy")),
    (range(429, 430), ("发得太密：稍后会自动再试", "too many at once: tried again by itself")),
    (range(500, 600), ("对方出了故障：会自动再试，一直如此请找对方", "their trouble: tried again by itself; if it stays, ask them")),
]
"""（HTTP 代码，怎么说） · Codes of HTTP, and what they mean for who set the channel up."""


def told(e: BaseException, at: str) -> str:
    """怎么说 · What went wrong at a host, in Chinese and English, with what the program was told at the end."""
    cause = reason if isinstance(reason := getattr(e, "reason", None), Exception) else e
    said = " ".join(str(cause).split()) or type(cause).__name__
    zh, en = next((words for kinds, words in SEEN if isinstance(cause, kinds)), ("{at} 出了意外", "something went wrong at {at}"))
    return f"{zh.format(at=at)} · {en.format(at=at)} [{said}]"


def answered(code: int, said: str) -> str:
    """网站的回答 · An answer of HTTP that is no success, with what it means."""
    words = next((words for codes, words in ANSWERS if code in codes), None)
    return f"HTTP {code} {said}".strip() + (f" → {' · '.join(words)}" if words else "")
