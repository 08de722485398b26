"""更改只做一次 · Changes: each carries an Idempotency-Key, is done once, and is answered the same whenever it is sent again."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Response

from heng.desk.requests import once
from heng.serve.api.answers import answered, written
from heng.serve.api.caller import Caller

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="同一请求重发时不变的键 · the same when the same request is sent again",
    ),
]
REPLAYED = "Idempotent-Replayed"
"""以前答过 · The header of an answer that was given before."""


def named(key: str) -> str:
    """短一些的键 · The key as what is queued is known by."""
    return sha256(key.encode()).hexdigest()


def changed(caller: Caller, key: str, asked: Mapping[str, Any], do: Callable[[], Mapping[str, Any]], *, at: str = "") -> Response:
    """做一次 · Do what is asked under a key, and answer; the answer that was given where it was done before.

    `at`: what is asked for is done later, and can be looked at below this address.
    """

    def act() -> tuple[int, dict[str, Any]]:
        return 202 if at else 200, json.loads(written(do()))

    content = json.dumps(asked, ensure_ascii=True, sort_keys=True).encode()
    (code, data), again = once(caller.desk.db, f"{caller.login}/{key}", content, act)
    answer = answered(data, code)
    if at:
        answer.headers["Location"] = f"{at}/{data['id']}"
    if again:
        answer.headers[REPLAYED] = "true"
    return answer
