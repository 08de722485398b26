"""填的表 · What was typed into a form, and the files that came with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from heng.app.attached import LARGEST
from heng.serve.web.casework import SAYING


@dataclass(frozen=True)
class Typed:
    """填了什么 · What was typed into a form, and the files that came with it: their names and contents."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """一项 · One of them; empty where it was not sent."""
        return self.fields.get(name, "")

    @property
    def said(self) -> dict[str, str]:
        """写明的 · What an answer says, by name."""
        return {n.removeprefix(SAYING): v for n, v in self.fields.items() if n.startswith(SAYING)}


async def typed(request: Request) -> Typed:
    """从表单读出 · Read off a form; of a file no more than is taken, and one byte to tell that it is too large."""
    fields, files = dict[str, str](), dict[str, tuple[str, bytes]]()
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            fields[name] = value
        else:
            if value.filename:  # a browser sends a part without a name where no file was chosen
                files[name] = (value.filename, await value.read(LARGEST + 1))
            await value.close()
    return Typed(fields, files)


Typing = Annotated[Typed, Depends(typed)]
"""有表单的页面的参数 · The parameter of pages whose forms ask what policy or a case says."""
