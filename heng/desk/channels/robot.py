"""群机器人与网络钩子 · Robots of 企业微信 and 钉钉 groups, and a plain JSON hook: one message for the group, not one a person.

Neither knows a message that it has had before: after a crash in the very moment of sending, a group may read one twice.
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from heng.desk.channels.letter import Letter, UnsentError
from heng.desk.channels.trouble import answered, told

LONGEST = {"wecom": 2048, "dingtalk": 20000}
"""正文字节上限 · Bytes of text that a robot takes (企业微信 text.content: 2048)."""
MORE = "…（全文在衡里看 · read on in Heng）"
ANSWER = 65536


HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPErrorProcessor,
)
"""不跟随转向 · None follows a redirection: a hook that sends us elsewhere is set up wrongly, and the letter is for nobody else."""


@dataclass(frozen=True)
class Robot:
    """群机器人 · `kind`: wecom 企业微信, dingtalk 钉钉 (with `secret`, signed) or webhook (plain JSON). The URL holds a secret."""

    name: str
    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    timeout: float = 20
    orgs: frozenset[str] | None = None
    shared: bool = field(default=True, init=False)

    def address(self, mail: str) -> str:  # noqa: ARG002 - the group is the address
        """主机 · The host alone: the rest of the URL is the robot's key."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def send(self, letter: Letter) -> str:
        """送出 · Post it; a robot that answers with an errcode has not taken it."""
        data = json.dumps(self._content(letter), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        asked = urllib.request.Request(self._signed(letter.now), data, headers)  # noqa: S310 - settings allow http and https only
        try:
            with _opener().open(asked, timeout=self.timeout) as answer:
                said = answer.read(ANSWER)
        except urllib.error.HTTPError as e:
            with e:
                raise UnsentError(answered(e.code, self._shown(e.read(ANSWER))), down=True) from e
        except (OSError, HTTPException) as e:
            raise UnsentError(self._shown(told(e, self.address("")).encode()), down=True) from e
        return self._shown(said) if self.kind == "webhook" else self._taken(said)

    def _content(self, letter: Letter) -> dict[str, Any]:
        if self.kind == "webhook":
            made = letter.made.replace(tzinfo=UTC).isoformat()
            return {"id": letter.id, "subject": letter.subject, "body": letter.body, "made": made}
        # 「衡」 in front: a robot of 钉钉 may be set up to take only messages with a keyword.
        text = cut(f"【衡】{letter.subject}\n{letter.body}".strip(), LONGEST[self.kind])
        return {"msgtype": "text", "text": {"content": text}}

    def _signed(self, now: datetime) -> str:
        if not self.secret:
            return self.url
        at = str(int(now.replace(tzinfo=UTC).timestamp() * 1000))
        digest = hmac.new(self.secret.encode(), f"{at}\n{self.secret}".encode(), hashlib.sha256).digest()
        sign = urlencode({"timestamp": at, "sign": base64.b64encode(digest).decode()})
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}{sign}"

    def _taken(self, said: bytes) -> str:
        try:
            answer = json.loads(said)
            code = answer["errcode"]
        except (ValueError, KeyError, TypeError) as e:
            raise UnsentError(f"答非所问 · not a robot's answer: {self._shown(said)}", down=True) from e
        if code != 0:
            raise UnsentError(f"errcode {code} {answer.get('errmsg', '')}".strip(), down=True)
        return "errcode 0"

    def _shown(self, said: bytes) -> str:
        # A page that says "not found" may say the whole address, and with it the robot's key.
        text, parts = " ".join(said.decode("utf8", "replace").split()), urlsplit(self.url)
        for hidden in filter(None, (self.secret, *(value for _, value in parse_qsl(parts.query)), parts.path.strip("/"))):
            text = text.replace(hidden, "***")
        return text[:300]


def _opener() -> urllib.request.OpenerDirector:
    made = urllib.request.OpenerDirector()
    for handler in HANDLERS:
        made.add_handler(handler())
    return made


def cut(text: str, size: int) -> str:
    """截到若干字节，不切断一个字 · A text of at most so many bytes in UTF-8, no character cut in two; what is left out is said."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - len(MORE.encode())].decode(errors="ignore") + MORE
