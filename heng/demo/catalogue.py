"""目录 · The lists that the pretended hospitals are made from, one YAML file each."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def catalogue(name: str) -> Any:
    """读一份目录 · Read one list, such as `departments`; its first lines say what the keys mean."""
    return yaml.load((files("heng.demo") / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
