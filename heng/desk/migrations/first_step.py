"""第一步的语句 · The statements of the first step, written out from the schema: `python -m heng.desk.migrations.first_step`.

Only for as long as no release holds that step; afterwards what changes in the schema is a step of its own.
"""

import re
from pathlib import Path

from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

import heng.desk.machines
import heng.desk.turn  # noqa: F401 - the tables of machines and the turn belong to it, too
from heng.desk.schema import Desk

STEPS = Path(__file__).with_name("versions")
DATABASES = ("sqlite", "postgresql")


def kept(database: str) -> Path:
    """语句所在的文件 · Where the statements for a database are kept."""
    return STEPS / f"v0001.{database}.sql"


def statements(database: str) -> list[str]:
    """读出语句 · The statements as they are kept."""
    return kept(database).read_text("utf8").rstrip(";\n").split(";\n\n")


def written(database: str) -> str:
    """由表的声明写出 · The statements as the schema would have them now."""
    dialect = registry.load(database)()
    orders: list[ExecutableDDLElement] = []
    for table in Desk.metadata.sorted_tables:
        orders += [CreateTable(table), *(CreateIndex(i) for i in sorted(table.indexes, key=lambda i: str(i.name)))]
    made = [str(order.compile(dialect=dialect)) for order in orders]
    return "".join(re.sub(r" *\n\t*", "\n    ", m.strip()).replace("\n    )", "\n)") + ";\n\n" for m in made).rstrip("\n") + "\n"


if __name__ == "__main__":
    for each in DATABASES:
        kept(each).write_text(written(each), "utf8")
