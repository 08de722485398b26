"""接口参考 · The reference of the interface, read off its own documentation."""

from collections.abc import Iterator
from typing import Any

from heng.serve.api.answers import AT
from heng.serve.api.interface import WRONG, documented

Schema = dict[str, Any]


def ways() -> Iterator[str]:
    """全部地址 · Every way: what it is for, what may be asked, what it answers."""
    said = documented()
    yield f"都在 `{AT}` 之下；怎样用见[接口](../how-to/api.md)。机器可读的文档在 `{AT}/openapi.json`。\n"
    yield f"All below `{AT}`; how to use them: [the interface](../how-to/api.md). For machines: `{AT}/openapi.json`.\n"
    for path, hows in said["paths"].items():
        for how, way in hows.items():
            yield from _way(how, path, way, said["components"]["schemas"])
    yield "## 出错 · Errors\n"
    yield from (f"- {status} {words}" for status, words in WRONG.items())


def _way(how: str, path: str, way: Schema, schemas: Schema) -> Iterator[str]:
    yield f"## {how.upper()} {path}\n"
    yield f"{way['description']}\n"
    asked = [(p["name"], p["in"], p["required"], p["schema"]) for p in way.get("parameters", ())]
    sent: Schema = way.get("requestBody", {}).get("content", {})
    body: Schema = next((media["schema"] for media in sent.values()), {})
    own = schemas.get(body.get("$ref", "").rpartition("/")[2], {})
    asked += [(n, "body", n in own.get("required", ()), s) for n, s in own.get("properties", {}).items()]
    if asked:
        yield "| 参数 · parameter | 在哪里 · in | 须有 · required | 类型 · type | 说明 · meaning |"
        yield "|---|---|---|---|---|"
        yield from (f"| `{n}` | {place} | {'✓' if needed else ''} | {_type(s)} | {_plain(s)} |" for n, place, needed, s in asked)
        yield ""
    good = next(answer for status, answer in way["responses"].items() if status < "400")
    answered = schemas[good["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
    yield f"→ {answered['title']}: {', '.join(f'`{n}`' for n in answered['properties'])}\n"


def _type(schema: Schema) -> str:
    if "anyOf" in schema:
        return " / ".join(dict.fromkeys(_type(s) for s in schema["anyOf"]))
    of = f" of {_type(schema['items'])}" if "items" in schema else ""
    return str(schema.get("type", "object")) + of


def _plain(schema: Schema) -> str:
    few = [str(v) for v in schema.get("enum", ()) if v != ""]
    choices = "、".join(few) if len(few) <= 5 else ""  # a table or an indicator has a page of its own
    return " ".join(filter(None, (schema.get("description", ""), choices))).replace("|", "\\|")
