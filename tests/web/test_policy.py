"""目录、字典与政策 · Catalogue, rooms, dictionary and policy: what is declared is there, once, with its links, and nothing out of scope."""

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heng.app.reader import Reader
from heng.app.region import Region
from heng.core.capability import CAPABILITIES
from heng.core.scope import Level, Reach, Scope
from heng.core.table import TABLES
from heng.serve.web.rooms import rooms, sentence
from heng.serve.web.rules import rules
from heng.serve.web.words import ours
from heng.tables.access import depth
from tests.web.conftest import Enter

OWN = """
peer:
  values:
    2026-02-01: {value: {admin: true, support: false, medtech: false}, source: 本院办公会〔2026〕1号}
"""


def test_the_catalogue_says_what_is_held_and_what_is_missing(kuaiji: TestClient) -> None:
    tables = {t["table"]: t for t in kuaiji.get("/catalogue.json").json()["tables"]}
    assert (tables["Income"]["state"], tables["Income"]["months"]) == ("held", ["2026-01", "2026-02"])
    assert (tables["Salary"]["state"], tables["Salary"]["missing"]) == ("none", ["H01"])
    assert tables["CaseCost"]["state"] == "empty"
    page = kuaiji.get("/catalogue").text
    assert 'href="/costing/result"' in page
    assert 'href="/table/Income"' in page
    assert kuaiji.get("/catalogue").status_code == 200


def test_who_sees_no_data_finds_only_what_the_public_sees(inside: Enter) -> None:
    found = inside("xitong").get("/catalogue.json").json()
    assert {depth(TABLES[t["table"]]) for t in found["tables"]} <= {Level.PUBLIC}
    assert 'href="/table/Income"' not in inside("xitong").get("/catalogue").text


@pytest.mark.parametrize("room", rooms())
def test_a_room_lists_its_capabilities(kuaiji: TestClient, room: str) -> None:
    listed = {c["capability"] for c in kuaiji.get(f"/{room}.json").json()["capabilities"]}
    mine = {c.name for c in CAPABILITIES.values() if c.name.startswith(f"{room}.")}
    assert listed <= mine
    assert kuaiji.get(f"/{room}").status_code == 200


def test_every_capability_says_something_of_itself_in_english() -> None:
    ours_ = [n for n, c in CAPABILITIES.items() if c.run.__module__.startswith("heng.")]
    assert [n for n in ours_ if not sentence(n)[1]] == []


def test_the_dictionary_holds_every_column_of_every_table(kuaiji: TestClient) -> None:
    rows = kuaiji.get("/dictionary.json").json()
    assert {(r["table"], r["column"]) for r in rows} == {(t.__name__, n) for t in ours() for n in t.columns}
    lines = list(csv.reader(io.StringIO(kuaiji.get("/dictionary.csv").content.decode("utf-8-sig"))))
    assert len(lines) == len(rows) + 1
    private = [r for r in rows if TABLES[r["table"]].columns[r["column"]].private]
    assert private
    assert {r["privacy"] for r in private} == {"能认出人，不出本院"}
    page = kuaiji.get("/dictionary/Income").text
    assert "收入" in page
    assert kuaiji.get("/dictionary").status_code == 200
    assert kuaiji.get("/dictionary/Incom").status_code == 400


def test_every_parameter_has_its_values_with_documents_and_its_users(kuaiji: TestClient) -> None:
    found = {r["key"]: r for r in kuaiji.get("/policy.json").json()}
    assert all(v["source"] and v["since"] for r in found.values() for v in r["values"])
    assert "costing.step_down" in found["costing.step_down.peer"]["capabilities"]
    assert all(any(v["in_force"] for v in r["values"]) for r in found.values())
    page = kuaiji.get("/policy/costing.step_down").text
    assert "国卫财务发〔2021〕4号" in page
    assert 'href="/scenario?key=costing.step_down.peer"' in page
    assert 'href="/costing/step_down"' in page
    assert kuaiji.get("/policy/costing.step_down.peer").status_code == kuaiji.get("/policy").status_code == 200
    assert "是否想写" in kuaiji.get("/policy/costing.step_dwn").text


def test_a_hospital_s_own_value_is_shown_to_who_reaches_that_hospital(tmp_path: Path, peopled: Path) -> None:
    folder = Path(shutil.copytree(peopled, tmp_path / "region"))
    (folder / "policy" / "H01" / "costing").mkdir(parents=True)
    (folder / "policy" / "H01" / "costing" / "step_down.yaml").write_text(OWN, "utf8")
    region = Region(folder)

    def scopes(*reaches: Reach) -> list[tuple[str, bool]]:
        reader = Reader(region, Scope("li", "accountant", "", reaches))
        rule = next(r for r in rules(reader, date(2026, 6, 1)) if r.key == "costing.step_down.peer")
        return [(v.scope, v.now) for v in rule.values]

    everybody = Reach(Level.PUBLIC)
    assert scopes(everybody, Reach(Level.HOSPITAL, frozenset({"H01"}))) == [("H01", True), ("国家", True)]
    assert scopes(everybody, Reach(Level.HOSPITAL, frozenset({"H02"}))) == [("国家", True)]
    assert scopes(everybody) == [("国家", True)]
