"""外壳 · The shell: ways by role, the wall, installing on a phone, what the browser may keep."""

import re
from pathlib import Path

from fastapi.testclient import TestClient

from heng.app.region import Region
from heng.serve.web.application import application
from heng.serve.web.shown import STATIC
from heng.serve.web.ways import GROUPS, MAIN
from tests.web.conftest import Enter
from tests.web.test_home import tiles


def ways(page: str) -> list[str]:
    """Where the bar leads."""
    return re.findall(r'<a href="([^"]+)"', re.findall(r'(?s)<nav class="heng-nav".*?</nav>', page)[0])


def test_the_bar_offers_what_the_role_can_use_and_nothing_that_is_not_there(enter: Enter) -> None:
    accountant, president = enter("kuaiji"), enter("yuanzhang")
    offered = {login: ways(browser.get("/more").text) for login, browser in (("kuaiji", accountant), ("yuanzhang", president))}
    assert offered["kuaiji"][0] == offered["yuanzhang"][0] == "/"
    assert "/load" not in offered["yuanzhang"]
    for path in {*offered["kuaiji"], *offered["yuanzhang"]}:
        assert accountant.get(path).status_code == 200, path


def test_every_way_offered_opens(enter: Enter) -> None:
    for login in ("kuaiji", "yuanzhang", "weijian", "jiandu", "xitong", "anquan", "shenji"):
        browser = enter(login)
        shut = [p for p in re.findall(r'<li><a href="([^"]+)"', browser.get("/more").text) if browser.get(p).status_code != 200]
        assert (login, shut) == (login, [])


def test_where_one_is_is_marked_in_the_bar(enter: Enter) -> None:
    assert '<a href="/more" aria-current="page">' in enter("kuaiji").get("/more").text


def test_every_icon_of_a_way_is_among_those_taken() -> None:
    taken = (STATIC.parent / "assets" / "icons.txt").read_text("ascii").split()
    assert {w.icon for w in (*MAIN, *(w for _, group in GROUPS for w in group))} <= set(taken)


def test_the_wall_turns_by_itself_and_begins_again_after_the_last_hospital(enter: Enter, served: Path) -> None:
    browser, seen, at = enter("weijian"), list[str](), "/wall?seconds=20"
    for _ in range(9):
        page = browser.get(at).text
        at, seconds = re.findall(r'hx-get="([^"]+)" hx-trigger="every (\d+)s"', page)[0]
        at = at.replace("&amp;", "&")
        assert seconds == "20"
        seen.append(re.findall(r"(?s)<h1>.*?>(.*?)</a>", page)[0])
        if at.startswith("/wall?view=0"):
            break
    region = Region(served)
    assert seen == [region.name, *(h.name for h in region.hospitals.values())]


def test_a_wall_that_cannot_turn_so_is_not_shown(enter: Enter) -> None:
    browser = enter("weijian")
    assert {browser.get(f"/wall?{turn}").status_code for turn in ("seconds=1", "view=-1", "seconds=soon")} <= {400, 422}


def test_the_wall_of_who_sees_no_figures_says_so(enter: Enter) -> None:
    page = enter("jiandu").get("/wall").text
    assert "没有可看的指标" in page
    assert "收入结余率" not in page


def test_a_browser_may_install_the_page_and_keeps_files_of_the_program_only(served: Path) -> None:
    browser = TestClient(application(served))
    said = browser.get("/manifest.webmanifest")
    assert said.headers["content-type"].startswith("application/manifest+json")
    assert (said.json()["start_url"], said.json()["display"]) == ("/", "standalone")
    assert browser.get(said.json()["icons"][0]["src"]).status_code == 200
    worker = browser.get("/service-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert 'pathname.startsWith("/static/") && searchParams.has("v")' in worker.text


def test_the_pages_speak_english_too(enter: Enter) -> None:
    browser = enter("yuanzhang")
    page = browser.get("/language/en?to=/").text
    assert '<html lang="en">' in page
    assert "surplus on income" in page
    said = tiles(page)
    assert "Waiting for me" in said
    assert not [text for text in said.values() if re.search(r"[\u4e00-\u9fff]", text)]
