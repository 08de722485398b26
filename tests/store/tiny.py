"""一家小医院的文件 · The files of a tiny hospital, as CSV: enough to work a month out, small enough to do so often."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from heng.app.compute import run
from heng.app.load import LoadReport, load
from heng.app.region import Hospital, Region, new_region
from heng.intake.delivery import Place
from heng.store.files import digest

MONTHS = ("2026-01", "2026-02")
DEPARTMENTS = """科室编码,科室名称,科室类别,门诊住院,启用日期,是否末级
0101,院办公室,行政后勤,不分,2020-01-01,是
0201,供应室,医疗辅助,不分,2020-01-01,是
0301,检验科,医疗技术,不分,2020-01-01,是
0401,内科门诊,临床服务,门诊,2020-01-01,是
0402,内科住院,临床服务,住院,2020-01-01,是
"""
STAFF = {"0101": 4, "0201": 3, "0301": 5, "0401": 8, "0402": 20}
PAY = {"0101": "40000.01", "0201": "24000.02", "0301": "55000.03", "0401": "98000.04", "0402": "210000.05"}


def tiny_files(folder: Path, months: Iterable[str] = MONTHS, pay: dict[str, str] = PAY) -> list[Path]:
    """Write the files; `pay` may differ to make a corrected delivery."""
    texts = {"科室字典": DEPARTMENTS}
    for month in months:
        texts[f"科室人员{month}"] = rows("统计年月,科室编码,科室名称,总数", (f"{month},{d},,{n}" for d, n in STAFF.items()))
        texts[f"科室面积{month}"] = rows("统计年月,科室编码,面积", (f"{month},{d},{n * 10}" for d, n in STAFF.items()))
        texts[f"成本归集{month}"] = booked(month, pay)
        texts[f"收入明细{month}"] = rows(
            "统计年月,开单科室编码,执行科室编码,收费类别,金额",
            (
                f"{month},{o},{p},检验费,{n}"
                for o, p, n in (("0401", "0301", "90000.00"), ("0402", "0301", "70000.00"), ("0402", "0402", "310000.00"))
            ),
        )
        texts[f"门诊工作量{month}"] = f"统计年月,科室编码,门急诊人次\n{month},0401,1200\n"
        texts[f"住院工作量{month}"] = f"统计年月,科室编码,实际占用床日\n{month},0402,800\n"
        texts[f"总账科目发生额{month}"] = f"统计年月,科目编码,资金来源,本期发生额\n{month},500101,自有资金,{total(pay)}\n"
    return written(folder, texts)


def tiny_patients(folder: Path, month: str, stays: int) -> list[Path]:
    """Write the discharge records of a month and their fee lines, twelve a stay."""
    texts = {
        f"病案首页{month}": rows(
            "病案号,入院时间,出院时间,出院科别,主要诊断编码,住院总费用",
            (f"ZY{n:05},{month}-01 09:00:00,{month}-{n % 27 + 2:02} 10:00:00,0402,I50.9,{12 * (100 + n)}.00" for n in range(stays)),
        ),
        f"收费明细{month}": rows(
            "就诊号,收费时间,项目编码,收费类别,数量,金额,开单科室编码,执行科室编码",
            (
                f"ZY{n:05},{month}-{n % 27 + 1:02} 08:{i:02}:00,{i % 5:04},{'检验费' if i % 2 else '护理费'},{i % 3 + 1},{100 + n}.00,"
                f"0402,{'0301' if i % 2 else '0402'}"
                for n in range(stays)
                for i in range(12)
            ),
        ),
    }
    return written(folder, texts)


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    """A CSV file for each text."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, "utf8")
    return paths


def rows(header: str, lines: Iterable[str]) -> str:
    """A CSV text."""
    return "\n".join([header, *lines]) + "\n"


def booked(month: str, pay: dict[str, str]) -> str:
    """The booked cost of a month."""
    return rows(
        "统计年月,科室编码,成本项目编码,成本项目名称,资金来源,金额", (f"{month},{d},500101,人员经费,自有资金,{v}" for d, v in pay.items())
    )


def total(pay: dict[str, str]) -> str:
    """The sum, exactly."""
    fen = sum(int(v.replace(".", "")) for v in pay.values())
    return f"{fen // 100}.{fen % 100:02}"


def tiny_region(path: Path) -> Region:
    """An empty region with one hospital."""
    return new_region(path, "试验区域", [Hospital("H01", "试验医院", "二级")])


def loaded(region: Region, paths: Iterable[Path], overlap: str = "refuse") -> LoadReport:
    """Load files of the hospital."""
    return load(region, [("H01", p) for p in paths], Place("H01", "", {}, ""), overlap=overlap)


def worked_out(path: Path, files: Path) -> Region:
    """A region that is loaded and run."""
    region = tiny_region(path)
    assert not loaded(region, tiny_files(files)).refused
    report = run(region, region.cells())
    assert not report.blocked
    return region


def contents(region: Region) -> list[tuple[str, str, str, str, str]]:
    """What a region holds: every place and the content hash of its rows."""
    return sorted((*p.place, p.file) for p in region.manifest.parts)


def sound(region: Region) -> None:
    """Every data file of the generation is there and is what its name says."""
    for p in region.manifest.parts:
        assert digest((region.path / p.file).read_bytes()) == Path(p.file).stem


def heng(*words: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL, **more)  # type: ignore[call-overload,no-any-return]


def command(*words: str | Path, side_by_side: bool = False) -> list[str]:
    """The command line; `side_by_side`: worker processes are called at once, however little there is to do."""
    eager = "import sys, heng.store.workers as w; w.PATIENCE = 0; from heng.serve.cli.main import main; sys.exit(main())"
    return [sys.executable, *(("-c", eager) if side_by_side else ("-m", "heng.serve.cli.main")), *map(str, words)]
