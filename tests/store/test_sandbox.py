"""沙箱：给什么看什么 · The sandbox: queries see the rows they were given; neither files nor settings nor other rows."""

from pathlib import Path

import polars as pl
import pytest

from heng.core.errors import TableError
from heng.store import sandbox as box
from heng.store.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox with two rows of staff."""
    made = Sandbox()
    made.give("StaffCount", pl.DataFrame({"dept": ["101", "102"], "total": [5, 0]}))
    return made


def asked(sandbox: Sandbox, query: str) -> list[tuple[object, ...]]:
    """The rows of a query that was judged first."""
    sandbox.judge(query)
    sandbox.keep("answer", query)
    return sandbox.rows("select * from answer").rows()


@pytest.mark.parametrize(
    "query",
    [
        "select dept from StaffCount where total = 0",
        "with none as (select * from staffcount where total = 0) select dept from none",
        "select dept from StaffCount, unnest([0]) as t(n) where total = n",
        "select dept from (from StaffCount) where exists (select 1 from range(1) t(n) where n = total) -- a remark",
        "select max(dept) from StaffCount group by total = 0 having min(total) = 0",
    ],
)
def test_a_harmless_query_finds_its_rows(sandbox: Sandbox, query: str) -> None:
    assert asked(sandbox, query) == [("102",)]


def test_a_query_once_found_harmless_is_judged_again_where_its_table_is_not_given(sandbox: Sandbox) -> None:
    for _ in range(2):
        sandbox.judge("select dept from StaffCount")
    with pytest.raises(TableError, match="StaffCount"):
        Sandbox().judge("select dept from StaffCount")


HOSTILE = [
    "select * from read_csv('{file}')",
    "select * from read_parquet('{file}')",
    "select * from READ_TEXT('{file}')",
    "select * from \"read_text\"('{file}')",
    "select * from read_blob/**/('{folder}/*')",
    "select * from glob('{folder}/*')",
    "select * from '{file}'",
    'select * from "{file}"',
    'with "{file}" as (select 1) select * from StaffCount, (select * from main."{file}")',
    "select * from sniff_csv('{file}')",
    "copy (select 1) to '{folder}/out.csv'",
    "attach '{folder}/out.db' as other",
    "select 1; attach ':memory:' as other",
    "install httpfs",
    "load httpfs",
    "set threads = 1",
    "pragma database_list",
    "export database '{folder}/out'",
    "select getenv('HOME')",
    "select current_setting('allowed_directories')",
    "select * from duckdb_settings()",
    'select * from "duckdb_settings" ( )',
    "select * from duckdb_extensions()",
    "select * from duckdb_secrets()",
    "select * from sqlite_master",
    "select * from information_schema.tables",
    "select * from query('select 1')",
    "select * from query_table('StaffCount')",
    "select * from python_arrow_scan(1, 2, 3)",
    "select * from json_execute_serialized_sql('x')",
    "with x as (insert into StaffCount values ('103', 1) returning *) select * from x",
    "with x as (delete from StaffCount returning *) select * from x",
    "insert into StaffCount values ('103', 1)",
    "drop table StaffCount",
    "select * from (show tables)",
    "select * from handed",
    "select * from query",
    "select now(), random()",
    "select current_date",
    "select " + "(" * 3000 + "1" + ")" * 3000,
    "",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_prying_query_is_refused_and_changes_nothing(sandbox: Sandbox, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\n1\n", "utf8")
    with pytest.raises(TableError):
        asked(sandbox, query.replace("{file}", str(secret)).replace("{folder}", str(tmp_path)))
    assert list(tmp_path.iterdir()) == [secret]
    assert sandbox.rows("select dept, total from StaffCount").rows() == [("101", 5), ("102", 0)]


@pytest.mark.parametrize(
    "query", ["from read_csv('{file}')", "from read_text('{file}')", "from glob('{file}')", "from '{file}'", "from read_blob('.tmp/*')"]
)
def test_behind_the_first_wall_stands_the_second(sandbox: Sandbox, tmp_path: Path, query: str) -> None:
    (tmp_path / "secret.csv").write_text("secret\n1\n", "utf8")
    with pytest.raises(TableError, match="file system operations are disabled"):
        sandbox.rows(query.replace("{file}", str(tmp_path / "secret.csv")))


def test_a_join_of_everything_with_everything_is_stopped(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "SECONDS", 0.3)
    with pytest.raises(TableError, match=r"超过 0\.3 秒"):
        asked(sandbox, "select count(*) from range(10000000) a, range(10000000) b where a.range % 7 = b.range % 11")
    assert asked(sandbox, "select dept from StaffCount where total = 0") == [("102",)]
