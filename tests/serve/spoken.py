"""命令行说了什么 · What a command said: its exit code, stdout and stderr."""

import json
from collections.abc import Callable

Said = tuple[int, str, str]
Heng = Callable[..., Said]


def data(said: Said) -> dict[str, object]:
    """What a --json command printed: JSON and nothing else."""
    assert said[2] == ""
    return json.loads(said[1])  # type: ignore[no-any-return]
