"""能力看到的输入：有效期按月展开，本地编码换成核算单元 · What a capability sees of the tables it reads."""

from typing import Any

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.inputs import Inputs
from heng.app.trial import Trial
from heng.core.table import Table
from heng.tables.activity import Area
from heng.tables.organisation import Department, DepartmentMap

CELLS = [("H01", "2026-02"), ("H01", "2026-03")]


def seen(given: dict[type[Table], list[dict[str, Any]]], table: type[Table]) -> list[dict[str, Any]]:
    trial = Trial(given, cells=CELLS)
    inputs = Inputs(trial.engine, CELLS, lambda t: f"select * from {trial.has[t]}" if t in trial.has else t.empty())  # noqa: S608 - declared names
    return trial.engine.rows(f"select * from {inputs.view(table)}").sort("month", *(k for k in table.key if k != "since")).to_dicts()  # noqa: S608 - as above


def test_a_department_counts_in_every_month_it_is_in_force() -> None:
    rows = [
        {"dept": "101", "name": "内科", "category": "clinical", "until": "2026-03-10"},
        {"dept": "102", "name": "外科", "category": "clinical", "since": "2026-03-05"},
        {"dept": "103", "name": "旧科", "category": "clinical", "until": "2026-01-31"},
    ]
    assert [(r["month"], r["dept"]) for r in seen({Department: rows}, Department)] == [
        ("2026-02", "101"),
        ("2026-03", "101"),
        ("2026-03", "102"),
    ]


def test_a_department_that_changes_class_within_a_month_has_one_class_in_it() -> None:
    rows = [
        {"dept": "101", "name": "急诊", "category": "medtech"},
        {"dept": "101", "name": "急诊", "category": "clinical", "since": "2026-03-15"},
    ]
    assert [(r["month"], r["category"]) for r in seen({Department: rows}, Department)] == [("2026-02", "medtech"), ("2026-03", "clinical")]


def test_local_codes_mean_what_the_map_says_from_its_date_on() -> None:
    given = {
        Department: [{"dept": "101", "name": "内科"}, {"dept": "102", "name": "外科"}],
        DepartmentMap: [{"local": "N1", "dept": "101"}, {"local": "N1", "dept": "102", "since": "2026-03-01"}],
        Area: [{"dept": "N1", "area": 50, "month": m, "row": n} for n, m in enumerate(("2026-02", "2026-03"), 1)],
    }
    assert [r["dept"] for r in seen(given, Area)] == ["101", "102"]


def test_a_name_stands_for_its_department_only_when_it_occurs_once() -> None:
    given = {
        Department: [{"dept": "101", "name": "内科"}, {"dept": "102", "name": "外科"}, {"dept": "103", "name": "外科"}],
        Area: [{"dept": d, "area": 50, "row": n} for n, d in enumerate(("内科", "外科", "102", "没有这个科"), 1)],
    }
    assert [r["dept"] for r in sorted(seen(given, Area), key=lambda r: r["row"])] == ["101", "外科", "102", "没有这个科"]


def test_a_person_s_mapping_goes_before_the_code_itself() -> None:
    given = {
        Department: [{"dept": "101", "name": "内科"}, {"dept": "102", "name": "外科"}],
        DepartmentMap: [{"local": "101", "dept": "102"}],
        Area: [{"dept": "101", "area": 50}],
    }
    assert [r["dept"] for r in seen(given, Area)] == ["102"]
