"""网页上交分组方案 · Schemes handed in on the page: a zip or the official workbook; by whom; what is hostile is refused whole."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from heng.app.load_pack import load_pack
from heng.app.region import Region
from heng.demo import __file__ as demo
from tests.payment.dip_fixture import written as dip
from tests.payment.official_fixture import written as official
from tests.payment.pack_files import pack_folder
from tests.web.conftest import Enter
from tests.web.test_load import handed_in, worked

PACKS = Path(demo).parent / "pack"
STROKE = {"dx": "I63.900 J96.000", "sex": "1", "age": "70"}


def zipped(folder: Path, inside: str = "") -> bytes:
    """A folder as one zip, its files at the top or in a folder of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{inside}{path.name}")
    return made.getvalue()


def plain(page: str) -> str:
    """The text of a page, one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("inside", ["", "teach-1/"])
def test_a_scheme_is_handed_in_as_a_zip(enter: Enter, served: Path, inside: str) -> None:
    browser = enter("kuaiji")
    page = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1", inside)})
    worked(served)
    text = plain(browser.get(page.url).text)
    assert "分组方案 teach-1" in text
    assert "方案的组" in text
    assert "没有发现问题" in text
    assert "BR21" in browser.get("/group", params=STROKE).text
    again = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1", inside)})
    worked(served)
    assert "没有变化，不重复装入：teach-1" in plain(browser.get(again.url).text)


def test_a_scheme_and_files_of_the_hospital_go_together(enter: Enter, served: Path) -> None:
    browser = enter("kuaiji")
    income = "统计年月,开单科室编码,执行科室编码,收费类别,金额\n2026-03,0401,0301,检验费,100.00\n"
    page = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1"), "收入.csv": income.encode()})
    worked(served)
    text = plain(browser.get(page.url).text)
    assert "分组方案 teach-1" in text
    assert "收入" in text
    assert Region(served).manifest.of("Income")


def test_a_local_scheme_comes_with_the_one_it_is_laid_over(enter: Enter, served: Path, tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path in pack_folder(tmp_path / "tiny-1").iterdir():
            archive.write(path, f"方案/tiny-1/{path.name}")
        archive.writestr("方案/a-city/manifest.yaml", "scheme: city\nedition: '1'\nover: tiny-1\n")
    browser = enter("kuaiji")
    page = handed_in(browser, {"方案.zip": made.getvalue()})
    worked(served)
    text = plain(browser.get(page.url).text)
    assert text.index("分组方案 tiny-1") < text.index("分组方案 city-1")


def test_a_scheme_is_withdrawn_by_who_may_load_it_everywhere(enter: Enter, served: Path) -> None:
    load_pack(Region(served), PACKS / "teach-1")
    assert "撤回这个方案" not in enter("yuanzhang").get("/group/teach-1").text
    assert enter("yuanzhang").post("/load/withdraw", data={"scheme": "teach-1"}).status_code == 403
    browser = enter("kuaiji")
    assert "撤回这个方案" in browser.get("/group/teach-1").text
    page = browser.post("/load/withdraw", data={"scheme": "teach-1"})
    worked(served)
    assert "已撤回" in browser.get(page.url).text
    assert not Region(served).manifest.of("PackGroup")
    assert Region(served).manifest.of("DeptCost")  # and nothing else


def test_the_official_workbook_is_handed_in_as_it_is(enter: Enter, served: Path, tmp_path: Path) -> None:
    book = official(tmp_path)
    browser = enter("kuaiji")
    page = handed_in(browser, {book.name: book.read_bytes()})
    worked(served)
    text = plain(browser.get(page.url).text)
    assert "分组方案 chs-drg" in text
    assert "导入时的更正与提醒" in text  # the book has the defects that it is known for


def bomb() -> bytes:
    """A zip of little size that unpacks to far more than a pack may."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("mdc", "adrg", "drg"):
            archive.writestr(f"{name}.csv", "code,name,order,rule\n")
        archive.writestr("sets.csv", b"\0" * (70 * 2**20))
    return made.getvalue()


def outside() -> bytes:
    """A zip with a member that points out of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("mdc", "adrg", "drg"):
            archive.writestr(f"{name}.csv", "code,name,order,rule\n")
        archive.writestr("../../heng.yaml", "x")
    return made.getvalue()


def nested() -> bytes:
    """A zip whose file lies in two thousand folders."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("mdc", "adrg", "drg"):
            archive.writestr(f"{'d/' * 2_000}{name}.csv", "code,name,order,rule\n")
    return made.getvalue()


def encrypted() -> bytes:
    """A zip whose members say that they are encrypted."""
    content = bytearray(zipped(PACKS / "teach-1"))
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + flags] |= 1
    return bytes(content)


def crossed() -> bytes:
    """A zip in which a name is a file and a folder at once."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("mdc.csv", "adrg.csv", "drg.csv", "mdc.csv/sets.csv"):
            archive.writestr(name, "code,name,order,rule\n")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(), "1:250"),
        (outside(), "指向外部"),
        (crossed(), "重新压缩后再交"),
        (zipped(PACKS / "teach-1")[:-30] + b"x" * 30, ""),
        (nested(), "套了 2,000 层"),
        (encrypted(), "压缩包有密码"),
    ],
    ids=["bomb", "outside", "crossed", "cut", "nested", "encrypted"],
)
def test_a_hostile_zip_is_refused_and_nothing_changes(enter: Enter, served: Path, content: bytes, said: str) -> None:
    browser, before = enter("kuaiji"), (served / "heng.yaml").read_bytes()
    page = handed_in(browser, {"方案.zip": content})
    worked(served)
    text = plain(browser.get(page.url).text)
    assert "1 个文件没有收" in text
    assert said in text
    assert not Region(served).manifest.of("PackGroup")
    assert (served / "heng.yaml").read_bytes() == before


def second_hospital(served: Path) -> None:
    with (served / "heng.yaml").open("a", encoding="utf8") as file:
        file.write("- code: H02\n  name: 二院\n  level: 二级\n")


def test_the_insurer_loads_and_withdraws_the_schemes_of_the_region(enter: Enter, served: Path) -> None:
    second_hospital(served)
    browser = enter("yibao")
    offered = browser.get("/load").text
    assert "全区域" in offered
    assert "各月交了什么" not in offered
    assert 'href="/load"' in browser.get("/").text
    assert 'href="/run' not in browser.get("/more").text + offered
    page = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1")}, org="")
    worked(served)
    said = browser.get(page.url).text
    assert "分组方案 teach-1" in plain(said)
    assert "org=H0" not in said
    assert Region(served).manifest.of("PackGroup")
    assert "方案.zip" in browser.get("/load").text
    assert "方案.zip" not in enter("kuaiji").get("/jobs").text  # it is of hospitals that are not hers
    assert "撤回这个方案" in browser.get("/group/teach-1").text
    gone = browser.post("/load/withdraw", data={"scheme": "teach-1"})
    worked(served)
    assert "已撤回" in browser.get(gone.url).text
    assert not Region(served).manifest.of("PackGroup")


def test_a_catalogue_of_dip_leads_to_its_diseases_and_to_the_policy_that_makes_it_count(enter: Enter, served: Path, tmp_path: Path) -> None:
    browser, workbook = enter("yibao"), dip(tmp_path)
    page = handed_in(browser, {workbook.name: workbook.read_bytes()}, org="")
    worked(served)
    said = browser.get(page.url).text
    assert "分组方案 dip-3.0" in plain(said)
    led = re.findall(r'href="(/table/DipEntry|/policy/[^"]+|/group/[^"]+)"', said)
    assert "/policy/payment.dip_catalogue" in led
    assert [browser.get(way).status_code for way in led] == [200] * len(led)


def test_a_catalogue_of_dip_is_listed_with_its_use_and_withdrawn_on_the_page(enter: Enter, served: Path, tmp_path: Path) -> None:
    load_pack(Region(served), dip(tmp_path))
    browser = enter("yibao")
    page = browser.get("/payment").text
    assert "dip-3.0 没有启用 2027-01-01" in plain(page)
    assert "还没有装入分组方案" not in page
    assert browser.get("/table/DipEntry.json?where=pack%3Ddip-3.0").json()["count"] == 20
    assert 'href="/table/DipEntry?where=pack%3Ddip-3.0"' in page
    looked = enter("yuanzhang").get("/group").text
    assert "dip-3.0" in looked
    assert "撤回这个方案" not in looked  # who may not load schemes
    said = dict(re.findall(r'type="hidden" name="(scheme|once)" value="([^"]+)"', page))
    gone = browser.post("/load/withdraw", data=said)
    worked(served)
    assert "已撤回" in browser.get(gone.url).text
    assert not Region(served).manifest.of("DipEntry")
    assert "还没有装入分组方案" in browser.get("/payment").text


def test_a_catalogue_of_dip_that_counts_before_its_day_is_told_as_a_trial(enter: Enter, served: Path, tmp_path: Path) -> None:
    load_pack(Region(served), dip(tmp_path))
    (served / "policy/payment").mkdir(parents=True, exist_ok=True)
    named = "pack:\n  values:\n    2026-01-01: {value: dip-3.0, source: 试验}\n"
    (served / "policy/payment/dip_catalogue.yaml").write_text(named, "utf8")
    for page in ("/payment", "/group"):
        said = plain(enter("kuaiji").get(page).text)
        assert "dip-3.0 按它的目录计分 2027-01-01" in said
        assert "不在启用期内：算出的是试算" in said


def test_the_insurer_loads_no_files_of_a_hospital(enter: Enter, served: Path) -> None:
    browser, before = enter("yibao"), Region(served).manifest.generation
    income = "统计年月,开单科室编码,执行科室编码,收费类别,金额\n2026-03,0401,0301,检验费,100.00\n".encode()
    assert browser.get("/load?org=H01").status_code == 403
    refused = handed_in(browser, {"收入.csv": income})
    assert refused.status_code == 403
    assert "会计、" in plain(refused.text)
    assert "医保局 的人" not in plain(refused.text)
    page = handed_in(browser, {"收入.csv": income}, org="")
    worked(served)
    told = plain(browser.get(page.url).text)
    assert "收入.csv ：这不是分组方案" in told
    assert "是另一部分" not in told  # there is no month of a hospital to load it beside
    assert browser.post("/load/withdraw", data={"org": "H01", "file": "收入.csv"}).status_code == 403
    assert browser.post("/run", data={"cell": "H01 2026-01"}).status_code == 403
    assert Region(served).manifest.generation == before


def test_a_scheme_of_all_hospitals_is_not_loaded_by_one(enter: Enter, served: Path) -> None:
    second_hospital(served)
    browser = enter("kuaiji")
    page = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1")})
    worked(served)
    said = plain(browser.get(page.url).text)
    assert "没有在 H02 装入的权限" in said
    assert "医保局" in said  # who may
    refused = handed_in(browser, {"方案.zip": zipped(PACKS / "teach-1")}, org="")
    assert refused.status_code == 403
    assert not Region(served).manifest.of("PackGroup")
