"""每一页都看过 · Every page, at a desk and on a phone: nothing sticks out, nothing is complained of, axe-core finds nothing serious."""

import pytest

from tests.browser.conftest import SIZES, Visit

pytestmark = pytest.mark.browser

PAGES = {
    "yuanzhang": {
        "home": "/",
        "work": "/work",
        "cases": "/cases",
        "signals": "/signals",
        "indicators": "/indicators",
        "indicator": "/indicator/staff_share?org=H01",
        "wall": "/wall",
        "more": "/more",
        "account": "/account",
        "notices": "/notices",
    },
    "kuaiji": {
        "home-accountant": "/",
        "catalogue": "/catalogue",
        "dictionary": "/dictionary",
        "room": "/costing",
        "table": "/costing/unit_cost?org=H01",
        "why": "/why/costing.unit_cost?org=H01&month=2026-03",
        "flow": "/flow?org=H01&period=2026-03",
        "policy": "/policy",
        "policy-key": "/policy/costing.step_down",
        "load": "/load",
        "run": "/run",
        "jobs": "/jobs",
        "scenario": "/scenario",
        "search": "/search?q=cwcb",
        "payment": "/payment",
        "group": "/group?dx=I63.900+J96.000&sex=1&age=70",
        "scheme": "/group/teach-1/MDCB",
    },
    "weijian": {"home-region": "/", "ranking": "/indicator/staff_share"},
    "guke": {"home-department": "/"},
    "xitong": {"people": "/people"},
    "anquan": {"grants": "/grants"},
    "shenji": {"audit": "/audit"},
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("login", PAGES)
def test_pages_of_a_role(visit: Visit, login: str, size: str) -> None:
    seen, found = visit(login, size), {}
    for name, path in PAGES[login].items():
        seen.open(path)
        seen.picture(name)
        if wrong := [*seen.faults(), *seen.too_wide(), *seen.complaints]:
            found[path] = wrong
        seen.complaints.clear()
    assert found == {}


def test_the_first_chart_of_the_cockpit_stands_within_a_second_and_a_half(visit: Visit) -> None:
    """The best of three visits: what a busy machine adds is not the page's."""
    seen, took = visit("yuanzhang"), list[int]()
    for _ in range(3):
        seen.page.goto(f"{seen.site}/", wait_until="commit")
        seen.page.wait_for_selector("[data-chart] svg")
        took.append(seen.page.evaluate("Math.round(performance.now())"))
    assert min(took) <= 1500, took
