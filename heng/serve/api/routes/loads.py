"""装入 · Loads: files are handed in, kept whole, and loaded by a job."""

from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData

from heng.serve.api.affairs import JobSaid
from heng.serve.api.answers import AT
from heng.serve.api.asked import Plain
from heng.serve.api.caller import Calling
from heng.serve.api.changes import Key, changed, named
from heng.serve.api.routes.jobs import said
from heng.serve.web.pages.load import Typed, queued
from heng.serve.web.uploads import FILES, Bounded
from heng.store.files import BLOCK

router = APIRouter(tags=["loads"], route_class=Bounded)


class HandedIn(BaseModel):
    """交来的文件 · Files of a hospital; month and table where the files do not say them."""

    model_config = ConfigDict(extra="forbid")
    files: list[UploadFile] = Field(min_length=1, max_length=FILES)
    org: str = Field(min_length=1, max_length=200, description="医院编码或名称 · hospital")
    month: str = Field("", max_length=40, description="2026-03；文件里写明时不用 · where the files do not say it")
    table: str = Field("", max_length=100, description="按哪张表的模板 · the table whose template it is")
    overlap: Literal["refuse", "add", "replace"] = Field("refuse", description="与已装入的重叠时 · where it overlaps what is loaded")


@router.post("/loads", response_model=JobSaid, status_code=202)
def load(caller: Calling, handed: Annotated[HandedIn, Form(media_type="multipart/form-data")], key: Key, _: Plain) -> Response:
    """装入文件 · Hand in files; they are kept on the disk when this answers, and loaded by the job it names."""
    asked = {n: getattr(handed, n) for n in ("org", "month", "table", "overlap")}
    content = [[f.filename or "", _digest(f)] for f in handed.files]
    files = FormData([("once", named(key)), *(("files", f) for f in handed.files)])
    return changed(caller, key, {"load": asked, "files": content}, lambda: said(queued(caller, Typed(**asked), files)), at=f"{AT}/jobs")


def _digest(file: UploadFile) -> str:
    found = sha256()
    while part := file.file.read(BLOCK):
        found.update(part)
    file.file.seek(0)
    return found.hexdigest()
