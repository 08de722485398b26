"""试算 · Trials through the pages: refused in place, worked out beside the region, shown to her who asked, taken away as a file."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from heng.app.doing import Doer
from heng.app.region import Region
from heng.core.errors import PolicyError
from heng.serve.question import Asked
from heng.serve.web.trying import checked, value_of
from heng.serve.whatif import Wanted, what_if
from heng.store.policy_files import as_yaml
from tests.store.tiny import contents
from tests.web.conftest import Enter
from tests.web.test_load import job_of, worked

KEY = "costing.choose_drivers.choices"
BY_INCOME = "".join(f'- {{dept: "", category: {c}, item: "", driver: income}}\n' for c in ("common", "admin", "support", "medtech"))
FORM: dict[str, Any] = {"key": KEY, "value": BY_INCOME, "show": "costing.result", "first": "2026-02", "last": "2026-02"}


def test_a_trial_says_what_the_command_line_says_and_changes_nothing(enter: Enter, served: Path) -> None:
    browser, before = enter("kuaiji"), contents(Region(served))
    page = browser.post("/scenario", data=FORM)
    assert page.status_code == 200, page.text
    worked(served)
    told = browser.get(f"/jobs/{job_of(page)}.json").json()
    found = what_if(Doer(Region(served)), Wanted("costing.result", Asked(("H01",), "2026-02"), {KEY: value_of(BY_INCOME)}))
    assert told["result"]["moved"] == found.rows.height > 0
    assert [Decimal(r[-1]) for r in told["result"]["rows"]] == [Decimal(str(r[-1])) for r in found.rows.rows()]
    shown = browser.get(page.url).text
    assert "变动最大" in shown
    assert "前后对比" in shown
    assert contents(Region(served)) == before
    body = browser.get(f"/jobs/{job_of(page)}.xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) >= 1 + found.rows.height


def test_the_same_value_changes_nothing_and_says_so(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    present = browser.get(f"/scenario?key={KEY}").text
    assert "现行值" in present
    region = Region(served)
    value = region.policy.values[KEY][0].value
    page = browser.post("/scenario", data=FORM | {"value": as_yaml(value)})
    worked(served)
    assert "一行都不变" in browser.get(page.url).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": "[1, 2"}, "读不懂这个值"),
        ({"value": ""}, "没有写新的值"),
        ({"value": "七"}, KEY),
        ({"show": "nonsense"}, "请选看什么"),
        ({"first": "2031-01", "last": "2031-01"}, "没有数据"),
        ({"key": "costing.choose_drivers.choice"}, "choices"),
    ],
)
def test_what_cannot_be_tried_is_said_in_place(enter: Enter, changed: dict[str, str], said: str) -> None:
    page = enter("kuaiji").post("/scenario", data=FORM | changed)
    assert page.status_code == 400
    assert said in page.text


def test_a_value_of_another_shape_is_refused(served: Path) -> None:
    policy = Region(served).policy
    with pytest.raises(PolicyError):
        checked(policy, KEY, "七", [("H01", "2026-02")])


@pytest.mark.parametrize("login", ["yuanzhang", "guke", "jiandu", "xitong"])
def test_who_may_not_run_may_not_try(enter: Enter, login: str) -> None:
    browser = enter(login)
    assert browser.get("/scenario").status_code == 403
    assert browser.post("/scenario", data=FORM).status_code in (400, 403)
    assert "没有做成" not in browser.get("/jobs").text


def test_a_trial_is_hers_alone(enter: Enter, served: Path) -> None:
    page = enter("kuaiji").post("/scenario", data=FORM)
    worked(served)
    other = enter("xinxi")
    assert other.get(page.url.path).status_code == 400
    assert other.get(f"{page.url.path}.json").status_code == 400
    assert page.url.path not in other.get("/jobs").text
