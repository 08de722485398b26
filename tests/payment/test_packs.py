"""读方案文件夹 · Reading a pack's folder: the same content in any wrapping, and a clear refusal of what cannot be used."""

import gzip
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.intake.packs.reading import is_pack, read_pack
from heng.methods.grouping.engine import Grouper, Record
from heng.methods.grouping.spelling import code
from heng.rooms.payment.packs import pack_of, rows
from heng.tables.packs import PackWeight
from tests.payment.pack_files import FILES, pack_folder


def test_a_folder_becomes_a_pack(tmp_path: Path) -> None:
    pack = read_pack(pack_folder(tmp_path / "p"))
    assert (pack.name, pack.since, pack.source, pack.notes) == ("tiny-1", date(2026, 1, 1), "made for tests", ())
    assert {level: len(pack.level(level)) for level in ("mdc", "adrg", "drg")} == {"mdc": 2, "adrg": 3, "drg": 5}
    assert pack.severity == {"I50.900": ("MCC", "7"), "K81.000": ("MCC", "1")}
    assert pack.no_op == {"89.0000", "17.4200"}
    first, second = pack.weights
    assert (first.weight, first.mean_fee, first.high, first.primary) == (Decimal("1.2345"), Decimal("12000.50"), Decimal(3), True)
    assert (second.insurance, second.mean_fee, second.primary) == ("employee", None, False)


def test_packed_or_plain_it_is_the_same_pack(tmp_path: Path) -> None:
    assert read_pack(pack_folder(tmp_path / "a")) == read_pack(pack_folder(tmp_path / "b", packed=True))


def test_one_changed_letter_is_another_fingerprint(tmp_path: Path) -> None:
    a = read_pack(pack_folder(tmp_path / "a"))
    b = read_pack(pack_folder(tmp_path / "b", mdc=FILES["mdc.csv"].replace("新生儿", "新生兒")))
    assert re.fullmatch(r"[0-9a-f]{64}", a.sha256)
    assert a.sha256 != b.sha256


def test_gb18030_is_read_as_well(tmp_path: Path) -> None:
    folder = pack_folder(tmp_path / "p")
    (folder / "adrg.csv").write_bytes(FILES["adrg.csv"].encode("gb18030"))
    assert "胆囊切除术" in {g.name for g in read_pack(folder).groups}


def test_without_a_manifest_the_folder_names_the_scheme_and_a_note_says_so(tmp_path: Path) -> None:
    folder = pack_folder(tmp_path / "某市", without="manifest")
    pack = read_pack(folder)
    assert is_pack(folder)
    assert (pack.scheme, pack.edition, pack.name) == ("某市", "", "某市")
    assert len(pack.notes) == 1
    assert "manifest.yaml" in pack.notes[0][0]


@pytest.mark.parametrize(
    ("file", "content", "where", "said"),
    [
        ("mdc", "code,name,order,rule\nMDCH,肝,1,ZYZD inn H\n", "mdc.csv!2", "inn"),
        ("mdc", "code,name,order,rule\nMDCH,肝,1,ZYZD in (H\n", "mdc.csv!2", "("),
        ("mdc", "code,name,order,rule\nMDCH,肝,1,ZYZD in H and\n", "mdc.csv!2", "ends too early"),
        ("mdc", "code,name,order,rule\nMDCH,肝,一,ZYZD in H\n", "mdc.csv!2", "whole number"),
        ("mdc", "code,name,rule\nMDCH,肝,ZYZD in H\n", "mdc.csv!1", "order"),
        ("mdc", "", "mdc.csv", "empty"),
        ("adrg", FILES["adrg.csv"].replace("ZYSS in CUT", "ZYSS in CUTT"), "adrg.csv!3", "CUTT"),
        ("adrg", FILES["adrg.csv"].replace("HS1,", "HC1,"), "adrg.csv!3, adrg.csv!4", "written twice"),
        ("adrg", FILES["adrg.csv"].replace("MDCP,1", "MDCX,1"), "adrg.csv!2", "MDCX"),
        ("adrg", FILES["adrg.csv"].replace("surgery", "operation"), "adrg.csv!3", "operation"),
        ("adrg", FILES["adrg.csv"] + "HZ1,其他,MDCH,9,,medical\n", "adrg.csv!5", "no DRG"),
        ("drg", FILES["drg.csv"].replace("HC15", "HD15"), "drg.csv!5", "does not start with"),
        ("drg", FILES["drg.csv"].replace(",HC1,3", ",HC15,3"), "drg.csv!5", "HC15"),
        ("severity", "code,level,table\nI50.900,MC,7\n", "severity.csv!2", "MC"),
        ("qy", "mdc,rule\nMDCQ,\n", "tiny-1 QY", "MDCQ"),
        ("weights", "group,insurance,since,weight\nHC15,,2026/1/1,1\n", "weights.csv!2", "2026/1/1"),
        ("weights", "group,insurance,since,weight\nHC15,,2026-01-01,NaN\n", "weights.csv!2", "NaN"),
        ("manifest", "scheme: [tiny]\n", "manifest.yaml", "scheme"),
        ("manifest", "edition: '1'\n", "manifest.yaml", "lacks scheme"),
        ("manifest", "scheme: tiny\ncolour: red\n", "manifest.yaml", "colour"),
        ("manifest", "scheme: &a tiny\nsource: *a\n", "manifest.yaml", "aliases"),
        ("manifest", "scheme: tiny\nfiles: {mdc.csv: '00'}\n", "manifest.yaml", "another sha256"),
        ("manifest", "{[", "manifest.yaml", "YAML"),
        ("manifest", "scheme: tiny\nsince: 2026-13-41\n", "manifest.yaml", "YAML"),
        ("manifest", "scheme: tiny\nsince: 2026-01-01\nuntil: 2025-01-01\n", "manifest.yaml", "before since"),
        ("manifest", "scheme: ../tiny\n", "manifest.yaml", "no name"),
        ("manifest", 'scheme: "ti\\nny"\n', "manifest.yaml", "no name"),
        ("manifest", "scheme: tiny\nedition: ' '\n", "manifest.yaml", "no name"),
        ("manifest", "scheme: tiny\nedition: true\n", "manifest.yaml", "edition"),
        ("manifest", "scheme: tiny\nfiles: {costs.csv: '00'}\n", "manifest.yaml", "lacks"),
        ("mdc", "code,name,order,rule\nMDCH,肝,99999999999,\n", "mdc.csv!2", "whole number"),
        ("sets", FILES["sets.csv"] + "H,\n", "sets.csv", "lacks the name of its set or its code"),
        ("sets", FILES["sets.csv"] + ",K81.000\n", "sets.csv", "lacks the name of its set or its code"),
        ("sets", FILES["sets.csv"].replace("set,code", "set,code, code"), "sets.csv!1", "occur twice"),
        ("drg", FILES["drg.csv"].replace("kind", "rule"), "drg.csv!1", "occur twice"),
        ("severity", FILES["severity.csv"] + "I50.900,CC,7\n", "severity.csv!4", "written twice"),
        ("severity", FILES["severity.csv"] + ",CC,7\n", "severity.csv!4", "code"),
        ("exclusion", FILES["exclusion.csv"] + "K80.100,2\n", "exclusion.csv!3", "written twice"),
        ("dx_map", FILES["dx_map.csv"] + "K80.101,K80.000\n", "dx_map.csv!3", "written twice"),
        ("ungroupable", FILES["ungroupable.csv"] + "drug,X\n", "ungroupable.csv!5", "drug"),
        ("weights", FILES["weights.csv"] + "HC15,,2026-01-01,9,,,,,\n", "weights.csv!4", "written twice"),
        ("weights", FILES["weights.csv"].replace("1.2345", "1e30"), "weights.csv!2", "1e30"),
        ("weights", FILES["weights.csv"].replace("12000.50", "-12000.50"), "weights.csv!2", "mean_fee"),
        ("weights", FILES["weights.csv"].replace("0.4,3,", "3,0.4,"), "weights.csv!2", "low"),
        ("weights", FILES["weights.csv"].replace("0.4,3,1", "0.4,3,yes"), "weights.csv!2", "primary"),
        ("weights", FILES["weights.csv"].replace("12000.50", "12000.505"), "weights.csv!2", "more than two decimals"),
        ("weights", FILES["weights.csv"].replace("12000.50", "12%"), "weights.csv!2", "percentage"),
        ("weights", FILES["weights.csv"].replace("employee", "emploee"), "weights.csv!3", "emploee"),
        ("weights", FILES["weights.csv"] + "HC19,,2026-01-01,1,,,,,\nHC1,,2026-01-01,1,,,,,\n", "weights.csv!4", "(2: weights.csv!4 HC19"),
        ("weights", FILES["weights.csv"] + "HC15,职工医保,2026-01-01,9,,,,,\n", "weights.csv!4", "written twice"),
        ("sets", FILES["sets.csv"] + "MCC,I50.900\n", "sets.csv", "no set may be named MCC"),
        ("sets", FILES["sets.csv"] + "CC,I50.900\n", "sets.csv", "no set may be named CC"),
        ("sets", FILES["sets.csv"] + "UNGROUPABLE_DX,I50.900\n", "sets.csv", "no set may be named UNGROUPABLE_DX"),
        ("sets", FILES["sets.csv"] + "UNGROUPABLE_OP,51.2300\n", "sets.csv", "no set may be named UNGROUPABLE_OP"),
        ("drg", FILES["drg.csv"].replace("QTZD in MCC", '"' + "NL > 1 or " * 14_000 + 'NL > 1"'), "drg.csv!3", "131,072 characters"),
    ],
)
def test_a_bad_pack_is_refused_with_file_row_and_what_to_do(tmp_path: Path, file: str, content: str, where: str, said: str) -> None:
    with pytest.raises(FileError) as refused:
        read_pack(pack_folder(tmp_path / "p", **{file: content}))
    e = refused.value
    assert e.where == where
    assert said in e.en
    assert re.search(r"[\u4e00-\u9fff]", e.zh)
    assert all(e.mend), e.mend


def test_a_measure_finer_than_its_table_is_rounded_aloud(tmp_path: Path) -> None:
    fine = FILES["weights.csv"].replace("1.2345", "1.23456789").replace("5.5", "5.55555").replace("1.25,", "0.1234567,")
    pack = read_pack(pack_folder(tmp_path / "p", weights=fine))
    assert [(w.weight, w.mean_days) for w in pack.weights] == [
        (Decimal("1.234568"), Decimal("5.5556")),  # half to even, as every other table is read
        (Decimal("0.123457"), None),
    ]
    weight, days = sorted(pack.notes, key=len, reverse=True)
    assert "weight：小数位过多，已取整到表所规定的位数（2 行：weights.csv!2 1.23456789、weights.csv!3 0.1234567）" in weight[0]
    assert "mean_days: more decimals than the table keeps; rounded (1 rows: weights.csv!2 5.55555)" in days[1]
    assert rows(pack)[PackWeight]["weight"].to_list() == [w.weight for w in sorted(pack.weights, key=lambda w: w.insurance)]


def test_codes_mean_the_same_however_they_are_written(tmp_path: Path) -> None:
    plain = read_pack(pack_folder(tmp_path / "one"))
    otherwise = {
        "mdc": FILES["mdc.csv"].replace("MDCH,", "ｍｄｃＨ ,"),
        "adrg": FILES["adrg.csv"].replace("HC1,胆", "hc1,胆").replace("MDCH", "mdch"),
        "drg": FILES["drg.csv"].replace(",HC1,", ",ｈｃ1,").replace("HC1A", "Hc1a"),
        "sets": FILES["sets.csv"].replace("H,K80.100x001", "Ｈ,k80.100×001").replace("H,K80.100", "H, k80.１00. "),
        "severity": "code,level,table\ni50.900,mcc,７\nK81.000.,MCC,1\n",
        "exclusion": "code,table\nＫ80.100,１\n",
        "qy": "mdc,rule\nmdch,\n",
        "ungroupable": FILES["ungroupable.csv"].replace("Z99", "z99"),
        "dx_map": "code,to\nk80.101,k80.100\n",
        "weights": FILES["weights.csv"].replace("HC15,,", "hc１5,,").replace("employee", "职工"),
    }
    read = read_pack(pack_folder(tmp_path / "two", **otherwise))
    assert replace(read, sha256=plain.sha256) == plain
    local = {"manifest.yaml": "scheme: city\nover: two\n", "drg.csv": "change,code,name,parent,order,rule,kind\nremove,hc1ａ,,,,,\n"}
    (tmp_path / "city").mkdir()
    for name, text in local.items():
        (tmp_path / "city" / name).write_text(text, "utf-8")
    (tmp_path / "two/manifest.yaml").write_text("scheme: two\n", "utf-8")
    assert "HC1A" not in {g.code for g in read_pack(tmp_path / "city").groups}


def test_a_rule_in_full_width_is_folded_and_told(tmp_path: Path) -> None:
    pack = read_pack(pack_folder(tmp_path / "p", adrg=FILES["adrg.csv"].replace("ZYSS in CUT", "（ＺＹＳＳ　in CUT）")))
    assert pack.notes[0][0] == "adrg.csv：1 条规则含换行符、全角或不可见字符，已折叠"
    assert next(g.rule for g in pack.groups if g.code == "HC1") == "(ZYSS in CUT)"


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("K80.100X001", "K80.100x001"),
        ("k80.100×001", "K80.100x001"),
        ("a33.X00X001", "A33.x00x001"),
        ("A38.x00x002+i41.0*", "A38.x00x002+I41.0*"),
        ("x60.000", "X60.000"),
        ("74.1X01", "74.1x01"),
        (" Ｇd２5 ", "GD25"),
        ("K80.|K81.1.", "K80|K81.1"),
        ("gx1x", "GX1X"),
    ],
)
def test_a_code_has_one_spelling(written: str, spelled: str) -> None:
    assert code(written) == code(spelled) == spelled


def test_rows_that_say_the_same_twice_count_once(tmp_path: Path) -> None:
    plain = read_pack(pack_folder(tmp_path / "one"))
    twice = {n: FILES[f"{n}.csv"] + FILES[f"{n}.csv"].partition("\n")[2] for n in ("sets", "severity", "exclusion", "dx_map", "weights")}
    assert replace(read_pack(pack_folder(tmp_path / "two", **twice)), sha256=plain.sha256) == plain


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_they_do_elsewhere(tmp_path: Path, end: str) -> None:
    plain = read_pack(pack_folder(tmp_path / "one"))
    ended = {n: FILES[f"{n}.csv"].replace("\n", end) for n in ("drg", "sets", "weights")}
    assert replace(read_pack(pack_folder(tmp_path / "two", **ended)), sha256=plain.sha256) == plain


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"sets\.csv"):
        read_pack(pack_folder(tmp_path / "p", without="sets"))


def test_a_folder_that_is_no_pack_is_told(tmp_path: Path) -> None:
    assert not is_pack(tmp_path)
    with pytest.raises(FileError, match="no grouping scheme"):
        read_pack(tmp_path)


def test_a_damaged_archive_and_a_bomb_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pack_folder(tmp_path / "p", without="sets")
    (folder / "sets.csv.gz").write_bytes(gzip.compress(FILES["sets.csv"].encode())[:-9])
    with pytest.raises(FileError, match="damaged"):
        read_pack(folder)
    (folder / "sets.csv.gz").write_bytes(gzip.compress(b"set,code\n" + b"H,K80.100\n" * 10_000))
    monkeypatch.setattr("heng.intake.packs.table.MOST", 50_000)
    with pytest.raises(FileError, match="too large"):
        read_pack(folder)


def test_rows_of_a_region_give_the_same_pack_again(tmp_path: Path) -> None:
    pack = read_pack(pack_folder(tmp_path / "p"))
    kept = pack_of("tiny-1", rows(pack))
    assert kept == replace(pack, weights=(), groups=kept.groups, notes=())
    assert set(kept.groups) == set(pack.groups)


@pytest.mark.parametrize(
    ("dx", "ops", "drg", "reason"),
    [
        ("K80.100", "51.2300", "HC15", "HC15:"),
        (" k80.100X001 ", "５１.2300", "HC15", "K80.100x001"),  # blanks, case and width
        ("K80.100", "51.2300|17.4200", "HC1A", "17.4200"),  # a robot decides the split though it groups nothing
        ("K80.100", "89.0000|51.2300", "HS19", "GREY=89.0000"),  # a principal procedure that does not group is none
        ("K80.100", "51.2300|89.0000", "HC15", "GREY=89.0000"),
        ("K80.100|I50.900", "51.2300", "HC11", "QTZD~MCC=I50.900"),
        ("K80.100|K81.000", "51.2300", "HC15", "EX=K81.000"),
        ("K80.100", "45.1300", "HQY", "QY=45.1300"),
        ("Z99.900", "51.2300", "0000", "BARRED=Z99.900"),
        ("K80.101", "51.2301", "0000", "UNKNOWN=K80.101"),
        ("", "51.2300", "0000", "NODX"),
        ("|K80.100", "51.2300", "0000", "NODX"),
        ("P07.200", "", "0000", "MDCP?XSRTL"),
    ],
)
def test_cases_of_the_small_pack(tmp_path: Path, dx: str, ops: str, drg: str, reason: str) -> None:
    got = Grouper(read_pack(pack_folder(tmp_path / "p"))).group(Record(dx.split("|"), ops.split("|"), 1, None, None, None))
    assert got.drg == drg
    assert reason in got.why


def test_clinical_codes_are_converted_by_the_maps_of_the_pack(tmp_path: Path) -> None:
    grouper = Grouper(read_pack(pack_folder(tmp_path / "p")), "国临")
    assert grouper.group(Record(["K80.101"], ["51.2301"], 1, 40, None, None)).drg == "HC15"


def test_tables_that_differ_in_capitals_only_are_told(tmp_path: Path) -> None:
    severity, exclusion = "code,level,table\nI50.900,MCC,e\nK81.000,MCC,none\n", "code,table\nK80.100,E\n"
    (told,) = read_pack(pack_folder(tmp_path / "p", severity=severity, exclusion=exclusion)).notes
    assert "（e 与 E）" in told[0]
    assert "none" not in told[1], "a table without a principal diagnosis is how schemes write that nothing excludes it"
