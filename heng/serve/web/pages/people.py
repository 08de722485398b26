"""人员 · The people with an account: the register, adding one, and the staff file of a hospital."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile

from heng.app.departments import Departments
from heng.app.staff_file import read_staff
from heng.core.errors import HengError
from heng.desk.people import NewPerson, add
from heng.desk.register import people, posts
from heng.desk.staff import Imported, StaffRow, import_staff
from heng.desk.standing import SYSTEM
from heng.serve.web.administration import administering, leaf, orgs, place, tabs, tried
from heng.serve.web.filled import Filled, Form
from heng.serve.web.listing import carried, listing
from heng.serve.web.shown import page, told
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import ROLE

router = APIRouter()
COLUMNS = "login name org dept staff_no mail role password totp ended"
LARGEST = 20 * 1024 * 1024
"""人员表至多多大 · The size of a staff file, at most."""


@router.get("/people")
@router.get("/people.{kind}")
def register(request: Request, visit: Visiting, kind: str = "") -> Response:
    """名册 · The register, of a hospital when asked, with those who have left when asked."""
    administering(visit, "/people")
    if kind:
        rows = _rows(visit, request.query_params)
        return carried(listing(visit.voice.pick("人员", "people"), COLUMNS, rows, visit.voice), f".{kind}", visit.voice)
    return _shown(request, visit, {})


@router.post("/people")
def add_one(request: Request, visit: Visiting, form: Filled) -> Response:
    """加人 · Add a person; what was typed stays where it cannot be."""
    administering(visit, "/people")

    def do() -> None:
        org, dept = place(visit, form)
        text = {n: form.get(n, "").strip() for n in ("login", "name", "staff_no", "mail")}
        new = NewPerson(text["login"], text["name"], org, dept, text["staff_no"] or None, text["mail"] or None)
        add(visit.desk.db, new, visit.login)

    return tried(request, visit, "/people", do, lambda lines: _shown(request, visit, form, lines))


@router.post("/people/import")
def import_file(request: Request, visit: Visiting, form: Filled, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """装入人员表 · Add and move people as the staff file of a hospital says; tells what it changed."""
    administering(visit, "/people")
    try:
        found = _imported(visit, form.get("org", ""), file)
    except HengError as e:
        return _shown(request, visit, {"import": form.get("org", "")}, told(e, visit.voice))
    return _shown(request, visit, {}, found=found)


def _imported(visit: Visit, org: str, file: UploadFile | None) -> Imported:
    if file is None or not file.filename or not org:
        raise HengError("请选医院与文件", "choose a hospital and a file", where="file")
    if (file.size or 0) > LARGEST:
        raise HengError(
            "文件超过 20 MB", "the file is larger than 20 MB", where=file.filename, mend=("请只留人员表", "leave the staff file only")
        )
    known = Departments(visit.region, visit.region.hospital(org).code, visit.desk.db.today)
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.filename).name
        with path.open("wb") as to:
            copyfileobj(file.file, to)
        return import_staff(visit.desk.db, read_staff(path, known), visit.login)


def _rows(visit: Visit, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    org, part = asked.get("org", ""), asked.get("q", "").strip().casefold()
    db = visit.desk.db
    found = people(db, visit.login, visit.region.hospital(org).code if org else None, gone=bool(asked.get("all")))
    held: dict[str, list[str]] = {}
    for post in posts(db, visit.login, db.today):
        held.setdefault(post["login"], []).append(visit.voice.pick(*ROLE.get(post["role"], (post["role"], post["role"]))))
    rows = [{**p, "role": "、".join(dict.fromkeys(held.get(p["login"], [])))} for p in found]
    return [r for r in rows if not part or part in f"{r['login']} {r['name']} {r['staff_no'] or ''}".casefold()]


def _shown(request: Request, visit: Visit, form: Form, lines: list[str] | None = None, found: Imported | None = None) -> Response:
    asked = request.query_params
    shown = leaf(_rows(visit, asked), int(asked.get("page", "1")) if asked.get("page", "1").isdecimal() else 1)
    named = listing(visit.voice.pick("人员", "People"), COLUMNS, shown.rows, visit.voice, lambda r: f"/people/{r['login']}")
    values: dict[str, Any] = {"tabs": tabs(visit), "orgs": orgs(visit), "form": form, "lines": lines or [], "asked": dict(asked)}
    done = bool(asked.get("done")) and not lines
    changes = _told(found) if found else None
    return page(
        request,
        "people.html",
        visit,
        400 if lines else 200,
        list=named,
        leaf=shown,
        keeper=visit.role == SYSTEM,
        done=done,
        found=changes,
        **values,
    )


def _told(found: Imported) -> dict[str, Any]:
    def line(row: StaffRow) -> str:
        return f"{row.staff_no} {row.name} {row.dept or ''}".strip()

    return {
        "added": [line(r) for r in found.added],
        "changed": [f"{line(b)} → {line(a)}" for b, a in found.changed],
        "ended": [line(r) for r in found.ended],
        "missing": [line(r) for r in found.missing],
        "unchanged": found.unchanged,
    }
