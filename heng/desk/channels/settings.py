"""heng.yaml 里的通道 · The channels that heng.yaml sets up. A password, key or secret never stands in it: it names where it is.

notices:
  channels:
  - {kind: smtp, host: mail.example.cn, port: 587, from: 衡 <heng@example.cn>, user: heng, password: {env: HENG_SMTP}}
  - {kind: wecom, url: {file: secrets/wecom.url}, orgs: [H01]}
  - {kind: dingtalk, url: {env: HENG_DING_URL}, secret: {env: HENG_DING_SECRET}}
  - {kind: webhook, url: "https://example.cn/hook"}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from heng.core.errors import DeskError, did_you_mean
from heng.desk.channels.letter import Channel
from heng.desk.channels.mail import MAIL, Mail
from heng.desk.channels.robot import Robot
from heng.desk.secret import secret

TLS = {"tls": 465, "starttls": 587, "none": 25}
"""加密方式与通常的端口 · Ways of encryption, and the port that is usual for each."""
SMTP = {"kind", "name", "host", "port", "from", "tls", "user", "password", "ca", "timeout", "orgs"}
HOOK = {"kind", "name", "url", "secret", "timeout", "orgs"}
KINDS = {"smtp": SMTP, "wecom": HOOK, "dingtalk": HOOK, "webhook": HOOK}


def channels_of(settings: Mapping[str, Any], folder: Path) -> tuple[Channel, ...]:
    """设好的通道 · The channels that the settings (heng.yaml) name; DeskError when one cannot be understood.

    `folder`: what relative names of files start from.
    """
    held = settings.get("notices") or {}
    rows = held.get("channels") or [] if isinstance(held, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _unclear("notices", "channels 应为一列通道", "channels is a list of channels")
    made = tuple(_channel(_Entry(f"notices.channels[{n}]", row, folder)) for n, row in enumerate(rows, 1))
    if len({c.name for c in made}) < len(made):
        raise _unclear("notices.channels", "通道的 name 重复", "two channels have one name")
    return made


@dataclass(frozen=True)
class _Entry:
    """One channel as it is written: where, what, and the folder of files that it names."""

    where: str
    row: Mapping[str, Any]
    folder: Path

    def text(self, key: str, default: str = "") -> str:
        value = self.row.get(key, default)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise _unclear(f"{self.where}.{key}", "应为文字", "it is a text")
        return str(value).strip()

    def need(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise _unclear(f"{self.where}.{key}", "没有写", "it is missing")
        return value

    def number(self, key: str, default: int, most: int) -> int:
        value = self.row.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise _unclear(f"{self.where}.{key}", f"应为 1 到 {most} 的整数", f"it is a whole number from 1 to {most}")
        return value

    def orgs(self) -> frozenset[str] | None:
        value = self.row.get("orgs")
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise _unclear(f"{self.where}.orgs", "应为一列医院编码", "it is a list of hospital codes")
        return frozenset(value)

    def secret(self, key: str, *, plain: bool = False) -> str:
        """What is kept elsewhere; empty when the key is not written. `plain`: it may also stand here."""
        value = self.row.get(key)
        if value is None or (plain and isinstance(value, str)):
            return value or ""
        return secret(value, f"heng.yaml {self.where}.{key}", self.folder)


def _channel(entry: _Entry) -> Channel:
    kind = entry.need("kind")
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        raise _unclear(f"{entry.where}.kind", f"没有「{kind}」这种通道{near[0]}", f"there is no channel of kind {kind!r} {near[1]}".strip())
    if strange := [str(k) for k in entry.row if k not in KINDS[kind]]:
        near = did_you_mean(strange[0], KINDS[kind])
        raise _unclear(f"{entry.where}.{strange[0]}", f"不认得这个键{near[0]}", f"this key is not known {near[1]}".strip())
    if not re.fullmatch(r"[^\x00-\x1f]{1,50}", entry.text("name", kind)):
        raise _unclear(f"{entry.where}.name", "应为一行、至多 50 字", "it is one line of at most 50 characters")
    return _mail(entry) if kind == "smtp" else _robot(entry, kind)


def _mail(entry: _Entry) -> Mail:
    tls = entry.text("tls", "starttls")
    if tls not in TLS:
        raise _unclear(f"{entry.where}.tls", "写 starttls、tls 或 none", "write starttls, tls or none")
    user, password = entry.text("user"), entry.secret("password")
    if bool(user) != bool(password) or not f"{user}{password}".isascii():
        raise _unclear(f"{entry.where}.password", "user 与 password 要同时写，且为 ASCII", "user and password go together, in ASCII")
    ca = entry.folder / entry.text("ca") if "ca" in entry.row else None
    if ca and not ca.is_file():
        raise _unclear(f"{entry.where}.ca", f"没有文件 {ca.name}", f"there is no file {ca.name}")
    return Mail(
        name=entry.text("name", "smtp"),
        host=entry.need("host"),
        port=entry.number("port", TLS[tls], 65535),
        sender=_sender(entry),
        tls=tls,
        user=user,
        password=password,
        ca=ca,
        timeout=entry.number("timeout", 20, 600),
        orgs=entry.orgs(),
    )


def _sender(entry: _Entry) -> Address:
    name, mail = parseaddr(entry.need("from"))
    if not MAIL.fullmatch(mail) or not mail.isascii():
        raise _unclear(f"{entry.where}.from", "应如 衡 <heng@example.cn>", "it is like 衡 <heng@example.cn>")
    return Address(name, addr_spec=mail)


def _robot(entry: _Entry, kind: str) -> Robot:
    # The URL of a robot is its key; a plain hook has one only if its owner put it there.
    url = entry.secret("url", plain=kind == "webhook")
    if not re.fullmatch(r"https?://[\w.:@-]+(/[!-~]*|\?[!-~]*)?", url, re.ASCII):
        raise _unclear(f"{entry.where}.url", "应为 http:// 或 https:// 开头的网址", "it is an address that starts with http:// or https://")
    if "secret" in entry.row and kind != "dingtalk":
        raise _unclear(f"{entry.where}.secret", "只有 dingtalk 有加签密钥", "only dingtalk has a secret to sign with")
    timeout = entry.number("timeout", 20, 600)
    return Robot(entry.text("name", kind), kind, url, entry.secret("secret"), timeout, entry.orgs())


def _unclear(where: str, zh: str, en: str) -> DeskError:
    mend = ("写法见 docs/how-to/desk.md「通知」", "how it is written: docs/how-to/desk.md, Notices")
    return DeskError(f"通道设置不对：{zh}", f"the setting of a channel is not right: {en}", where=f"heng.yaml {where}", mend=mend)
