"""命令 heng group · The command on files as people hand them in: every row comes out once, and a bad file is refused clearly."""

import csv
import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heng.app.group_file import group_file
from heng.intake.packs.reading import read_pack
from heng.methods.grouping.engine import Grouper
from heng.serve.cli.main import main
from tests.intake.made import workbook
from tests.payment.pack_files import FILES, pack_folder

HEADER = "index,gender,age,age_days,weight,los,leaving_type,dx,proc"
CASES = f"{HEADER}\n1,1,45,16500,,7,1,K80.100|I50.900,51.2300\n2,2,60,,,5,1,K80.100,\n3,2,0,3,,5,1,P07.200,\n"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack_folder(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="module")
def grouper(pack: Path) -> Grouper:
    return Grouper(read_pack(pack))


def grouped(path: Path, grouper: Grouper) -> list[dict[str, str]]:
    out = io.BytesIO()
    group_file(path, out, grouper)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def drgs(path: Path, grouper: Grouper) -> list[str]:
    return [r["drg"] for r in grouped(path, grouper)]


def test_the_result_has_index_status_groups_and_reason(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    assert main(["group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--out", str(tmp_path / "out.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"cases": 3, "grouped": 2, "qy": 0, "ungrouped": 0, "invalid": 0, "needs_data": 1}
    lines = (tmp_path / "out.csv").read_text("utf8").splitlines()
    assert lines[0] == "index,status,mdc,adrg,drg,why"
    assert lines[1] == "1,grouped,MDCH,HC1,HC11,MDCH:ZYZD~H=K80.100;HC1:ZYSS~CUT=51.2300;HC11:QTZD~MCC=I50.900"
    assert lines[3] == "3,needs_data,MDCP,,0000,MDCP:ZYZD~P=P07.200&XSRTL=3;PS1?XSRTZ"


def test_a_packed_result_is_alike_on_every_run(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    for name in ("a.csv.gz", "b.csv.gz"):
        assert main(["group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).startswith(b"index,")


@pytest.mark.parametrize(("lang", "word"), [("zh", "主要手术操作 51.2300 在 CUT 中"), ("en", "principal procedure 51.2300 is in CUT")])
def test_the_trace_speaks_the_language_asked_for(
    pack: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], lang: str, word: str
) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    assert main(["--lang", lang, "group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--trace"]) == 0
    sys.stdout.flush()
    assert word in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    "content",
    [
        CASES.encode(),
        gzip.compress(CASES.encode()),
        CASES.encode("utf-8-sig"),
        CASES.replace("index", "序号").replace("dx,proc", "诊断编码,手术操作编码").encode("gb18030"),
        CASES.encode("utf-16"),
        CASES.replace("\n", "\r\n").encode(),
        CASES.replace(",", "\t").encode(),
        CASES.replace("K80.100|I50.900", '"K80.100|I50.900"').encode(),
        ("\n" + CASES.replace("\n", "\n\n")).encode(),
    ],
    ids=["plain", "gzip", "bom", "gb18030", "utf-16", "crlf", "tabs", "quotes", "blank lines"],
)
def test_however_the_file_is_written_the_groups_are_the_same(tmp_path: Path, grouper: Grouper, content: bytes) -> None:
    (tmp_path / "cases").write_bytes(content)
    assert drgs(tmp_path / "cases", grouper) == ["HC11", "HS19", "0000"]


def test_a_header_without_cases_gives_a_header_without_cases(tmp_path: Path, grouper: Grouper) -> None:
    (tmp_path / "cases.csv").write_text(f"{HEADER}\n", "utf8")
    out = io.BytesIO()
    assert group_file(tmp_path / "cases.csv", out, grouper).total() == 0
    assert out.getvalue() == b"index,status,mdc,adrg,drg,why\n"


def test_long_files_go_piece_by_piece_and_keep_their_order(tmp_path: Path, grouper: Grouper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heng.app.group_file.PIECE", 7)
    (tmp_path / "cases.csv").write_text("\n".join([HEADER, *(f"{n},1,40,,,1,1,K80.100," for n in range(100))]), "utf8")
    assert [r["index"] for r in grouped(tmp_path / "cases.csv", grouper)] == [str(n) for n in range(100)]


def test_a_workbook_of_cases_is_read_too(tmp_path: Path, grouper: Grouper) -> None:
    path = workbook(tmp_path / "cases.xlsx", {"病例": [line.split(",") for line in CASES.splitlines()]})
    assert drgs(path, grouper) == ["HC11", "HS19", "0000"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("9,1,六十,,,1,1,K80.100,", "BAD=age"),
        ("9,1,-1,,1e9,1,1,K80.100,", "BAD=age/weight"),
        ("9,1,nan,inf,,1,1,K80.100,", "BAD=age/age_days"),
        ("9,1,60,,,1,1,,51.2300", "NODX"),
        ("9,1,60,,,1,1", "NODX"),
        ("9,1,60,,,1,1,K80.100,51.2300,17.4200", "CELLS"),
        (",,,,,,,,x", "NODX"),
    ],
)
def test_a_bad_row_comes_out_as_invalid_with_its_reason(tmp_path: Path, grouper: Grouper, row: str, why: str) -> None:
    (tmp_path / "cases.csv").write_text(f"{CASES}{row}\n", "utf8")
    found = grouped(tmp_path / "cases.csv", grouper)
    assert [r["drg"] for r in found[:3]] == ["HC11", "HS19", "0000"]
    assert (found[3]["status"], found[3]["why"]) == ("invalid", why)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (gzip.compress(b""), "the file is empty"),
        (gzip.compress(CASES.encode())[:-12], "damaged"),
        (b"\x1f\x8bnothing", "damaged"),
        (b"index,gender,age,weight,dx,proc\n", "age_days"),
        (b"index,gender,age,age_days,weight,dx,proc,dx\n", "occurs twice"),
        (b"%PDF-1.4", "PDF"),
        (CASES.encode()[:-1] + b"\xff\xfe\xfd\n", "encoding"),
    ],
    ids=["empty", "blank", "packed empty", "cut", "no gzip", "missing column", "twice", "pdf", "bytes"],
)
def test_a_file_that_is_no_file_of_cases_is_refused_and_nothing_is_written(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (tmp_path / "cases.csv").write_bytes(content)
    out = tmp_path / "out.csv"
    assert main(["--lang", "en", "group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.glob("*out.csv*")) == []


def test_the_result_never_takes_the_place_of_the_cases(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(CASES, "utf8")
    (tmp_path / "link.csv").symlink_to(cases)
    for out in (cases, tmp_path / "link.csv"):
        assert main(["--lang", "en", "group", str(cases), "--pack", str(pack), "--out", str(out)]) == 2
        assert "overwrite" in capsys.readouterr().err
    assert cases.read_text("utf8") == CASES


@pytest.mark.parametrize("out", ["nowhere/out.csv", "folder"])
def test_where_nothing_can_be_written_is_told_by_its_own_name(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    assert main(["group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--out", str(tmp_path / out)]) == 2
    assert ".part" not in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.part"))


def test_a_pipe_or_device_is_written_to_and_not_replaced(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert main(["group", str(tmp_path / "cases.csv"), "--pack", str(pack), "--out", str(tmp_path / "pipe")]) == 0
    assert os.read(reader, 6) == b"index,"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["group"], "--pack is missing"),
        (["group", "--pack", "PACK"], "CASES is missing"),
        (["group", "CASES", "--pack", "PACK", "--coding", "西医"], "西医"),
        (["group", "CASES", "--pack", "nowhere"], "no such file"),
        (["group", "nowhere", "--pack", "PACK"], "no such file"),
        (["group", "CASES", "--ms-drg", "v1"], "MS-DRG"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf8")
    places = {"PACK": str(pack), "CASES": str(tmp_path / "cases.csv")}
    assert main(["--lang", "en", *(places.get(w, w) for w in words)]) == 2
    assert said in capsys.readouterr().err


def test_reach_lists_the_groups_that_nobody_reaches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shadowing = FILES["adrg.csv"].replace("HS1,胆道疾患,MDCH,2,ZYZD in H,medical", "HS1,胆道疾患,MDCH,0,1,surgery")
    assert main(["group", "--pack", str(pack_folder(tmp_path / "p", adrg=shadowing)), "--reach", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"pack": "tiny-1", "groups": 5, "unreachable": ["HC11", "HC1A", "HC15"]}


def test_ms_drg_groups_through_the_extra(tmp_path: Path) -> None:
    pytest.importorskip("drgpy")
    (tmp_path / "cases.csv").write_text(f"{HEADER}\n1,2,30,,,3,1,O80|Z37.0|Z3A.39,10E0XZZ\n2,,30,,,3,1,O80,\n", "utf8")
    assert main(["group", str(tmp_path / "cases.csv"), "--ms-drg", "v43.1", "--out", str(tmp_path / "out.csv")]) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf8"))))
    assert [(r["status"], r["drg"]) for r in rows] == [("grouped", "807"), ("needs_data", "0000")]


cell = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(cell, min_size=9, max_size=9), min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_no_row_is_lost(tmp_path: Path, grouper: Grouper, rows: list[list[str]]) -> None:
    with (tmp_path / "cases.csv").open("w", encoding="utf8", newline="") as file:
        csv.writer(file).writerows([HEADER.split(","), *(["1", *row[1:]] for row in rows)])
    assert len(grouped(tmp_path / "cases.csv", grouper)) == len(rows)
