"""自定 SQL 在真区域里 · Own SQL in a real region: a harmless check finds its rows, a prying one reads no file of anybody's."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from heng.app.compute import run
from heng.app.region import Hospital, Region, new_region
from heng.intake.place import Place
from heng.rooms.standards import declared_check
from heng.tables.quality import CheckFailure, CheckResult
from tests.store.tiny import load, tiny_files

CELL = ("H01", "2026-01")
BENIGN = {"id": "benign", "kind": "sql", "table": "StaffCount", "sql": "select org, month, dept as value, total > 4 as ok from StaffCount"}
ROWS = "select 'H01' as org, '2026-01' as month, {what} as value, false as ok from {source}"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region of two hospitals, loaded."""
    folder = tmp_path_factory.mktemp("own")
    region = new_region(folder / "region", "试验区域", [Hospital("H01", "甲医院"), Hospital("H02", "乙医院")])
    files = tiny_files(folder / "files", CELL[1:])
    load(region, [(org, p) for org in ("H01", "H02") for p in files], Place(""))
    return folder / "region"


def graded(path: Path, *own: dict[str, object]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Outcome by check, and the values of failing rows by check, of one month of H01 with these own checks."""
    since = {"2020-01-01": {"value": list(own), "source": "本院"}}
    file = path / "policy" / "H01" / "standards" / "check_quality.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"own": {"values": since}}).replace("'2020-01-01'", "2020-01-01"), "utf8")
    region = Region(path)
    run(region, [CELL], [CheckResult, CheckFailure])
    rows = {t: read(region, t.__name__) for t in (CheckResult, CheckFailure)}
    values: dict[str, list[str]] = {}
    for r in rows[CheckFailure]:
        values.setdefault(str(r["check"]), []).append(str(r["value"]))
    return {str(r["check"]): str(r["outcome"]) for r in rows[CheckResult]}, values


def read(region: Region, table: str) -> list[dict[str, object]]:
    """The stored rows of the month."""
    part = region.manifest.part(table, *CELL)
    assert part
    return pl.read_parquet(region.path / part.file).to_dicts()


def prying(path: Path) -> list[dict[str, object]]:
    """Own checks that reach for files inside and outside the region, and for what the engine knows."""
    others = [p for p in Region(path).manifest.parts if (p.table, p.org) == ("CostBooking", "H02")]
    file = str(path / others[0].file)
    (path.parent / "secret.csv").write_text("secret\nkept\n", "utf8")
    sources = {
        "parquet": ("amount", f"read_parquet('{file}')"),
        "replacement": ("amount", f"'{file}'"),
        "joined": ("amount", f'StaffCount, "{file}"'),
        "split": ("amount", f"read_parquet('{file[:-4]}' || 'quet')"),
        "inside": ("content", f"read_text('{path}/heng.yaml')"),
        "outside": ("content", f"read_text('{path.parent}/secret.csv')"),
        "csv": ("secret", f"read_csv('{path.parent}/secret.csv')"),
        "glob": ("file", f"glob('{path}/**')"),
        "settings": ("value", '"duckdb_settings" ()'),
        "environment": ("getenv('HOME')", "StaffCount"),
        "earlier": ("value", "piece_0"),
        "result": ("value", "result"),
    }
    asked = {n: ROWS.format(what=w, source=s) for n, (w, s) in sources.items()}
    asked |= {"copy": f"copy (select 1) to '{path.parent}/out.csv'", "attach": f"attach '{path.parent}/out.db' as o"}
    asked |= {"two": "select 1; set threads=1", "install": "install httpfs", "pragma": "pragma database_list"}
    whole = [{"id": n, "kind": "sql", "table": "StaffCount", "sql": q} for n, q in asked.items()]
    return [*whole, {"id": "typed", "kind": "required", "table": file, "column": "amount"}]


@pytest.mark.parametrize("patterns", [True, False], ids=["with patterns", "without patterns"])
def test_a_harmless_check_finds_its_rows_and_a_prying_one_is_an_error(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    patterns: bool,  # noqa: FBT001
) -> None:
    if not patterns:
        monkeypatch.setattr(declared_check, "FORBIDDEN", declared_check.re.compile("(?!)"))
    hostile = prying(path)
    outcomes, values = graded(path, BENIGN, *hostile, {"id": str(patterns), "disabled": "marks this run"})
    assert (outcomes["benign"], sorted(values["benign"])) == ("fail", ["0101", "0201"])
    assert {str(h["id"]): outcomes[str(h["id"])] for h in hostile} == {str(h["id"]): "error" for h in hostile}
    assert not values.keys() & {str(h["id"]) for h in hostile}
    assert not [p for p in path.parent.iterdir() if p.name.startswith("out")]
