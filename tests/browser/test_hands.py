"""怎么用都行 · By keyboard, on paper, on a wall, in English, and with what the browser keeps: never data."""

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
OWN = "[...document.querySelectorAll('h1, h2, .heng-actions, thead, label')].map(e => e.innerText).join('')"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
    }
    return found;
}"""


def test_the_keyboard_reaches_everything(visit: Visit) -> None:
    seen = visit("kuaiji")
    page = seen.open("/table/DeptResult?org=H01&period=2026-03")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "heng-skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0"), "who tabs sees it"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator(".heng-sheet").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("(() => { const s = document.querySelector('.heng-sheet'); return s.scrollLeft > 0 && s.scrollTop > 0; })()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("cwcb/")
    assert page.input_value("[name=q]") == "cwcb/", "a stroke in a field is a letter of it"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cwcb*")


@pytest.mark.parametrize("path", ["/", "/table/DeptResult?org=H01&period=2026-03", "/why/costing.unit_cost?org=H01&month=2026-03"])
def test_a_page_prints_without_its_tools_and_with_all_its_rows(visit: Visit, path: str) -> None:
    seen = visit("kuaiji")
    page = seen.open(path)
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 between its margins
    page.emulate_media(media="print")
    for tools in (".heng-bar", ".heng-nav", ".heng-actions", ".heng-filters"):
        for found in page.locator(tools).all():
            assert not found.is_visible(), tools
    cut = "[...document.querySelectorAll('.heng-sheet')].filter(s => s.offsetParent && s.scrollHeight > s.clientHeight + 2).length"
    assert page.evaluate(cut) == 0, "a sheet on paper does not scroll"
    assert seen.page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize("login", ["weijian", "yuanzhang"])
def test_the_wall_shows_four_zones_and_nothing_is_cut_off(visit: Visit, login: str) -> None:
    seen = visit(login)
    for width, height in ((1440, 900), (1920, 1080)):
        seen.page.set_viewport_size({"width": width, "height": height})
        page = seen.open("/wall")
        assert page.locator(".heng-zone").count() == 4
        over = "[...document.querySelectorAll('.heng-zone, main')].filter(z => z.scrollHeight > z.clientHeight + 1).map(z => z.innerText)"
        assert page.evaluate(over) == [], (width, height)
        sizes = page.locator(".heng-zone dd .heng-figure").evaluate_all("f => f.map(e => parseFloat(getComputedStyle(e).fontSize))")
        assert sizes
        assert min(sizes) >= 40, "read from four metres"
    seen.picture(f"wall-{login}")


def test_pages_speak_english(visit: Visit) -> None:
    seen, found = visit("kuaiji"), {}
    seen.open("/language/en?to=/")
    for path in (
        "/",
        "/work",
        "/signals",
        "/costing",
        "/table/DeptResult?org=H01&period=2026-03",
        "/load",
        "/run",
        "/scenario",
        "/indicators",
    ):
        page = seen.open(path)
        assert page.get_attribute("html", "lang") == "en"
        chinese = [c for c in page.evaluate(OWN).replace("示范市第一医院", "") if "\u4e00" <= c <= "\u9fff"]
        if wrong := [*chinese, *seen.faults(), *seen.too_wide(), *seen.complaints]:
            found[path] = wrong
        if path == "/":
            seen.picture("home-english")
    assert found == {}


def test_the_browser_keeps_the_programs_files_and_never_data(visit: Visit) -> None:
    seen = visit("kuaiji")
    seen.page.evaluate("navigator.serviceWorker.ready")
    for path in ("/", "/table/DeptResult?org=H01&period=2026-03", "/signals"):
        seen.open(path)
    kept = seen.page.evaluate(KEPT)
    assert "/static/heng.js" in kept
    assert [path for path in kept if not path.startswith("/static/")] == []
    seen.page.context.set_offline(True)
    assert seen.page.evaluate("fetch('/table/DeptResult.json?org=H01').then(() => 'given', () => 'refused')") == "refused"
