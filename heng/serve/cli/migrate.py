"""迁移到现在的表版本 · Migrate a region's data to the present table versions."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from heng.serve.cli.command import Asker, command
from heng.serve.cli.console import say
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.store.migrate import Old


@dataclass(kw_only=True)
class MigrateOptions(Asker):
    """迁移的选项 · Options of `heng migrate`."""

    dry_run: Annotated[bool, Option("--dry-run", help="只看要做什么 · only show what would be done")] = False


@command("migrate", MigrateOptions)
def migrate(asked: MigrateOptions) -> None:
    """把旧版本的表改写成现在的版本 · Rewrite what older table versions wrote."""
    from heng.app.migration import migrate as rewrite
    from heng.app.migration import plan

    doer = session().doer(asked, "migrate")
    region = doer.region
    if not asked.dry_run:
        doer.must([""])
    olds = plan(region) if asked.dry_run else rewrite(region)
    _print(olds)
    if not olds:
        say("migrate.none")
    elif asked.dry_run:
        say("migrate.dry")
    else:
        say("migrate.done", n=len(olds), generation=region.manifest.generation)


def _print(olds: "list[Old]") -> None:
    from heng.core.table import TABLES

    now = session()
    stepped = Counter((s, o.part.table) for o in olds for s in o.steps)
    for (s, table), n in stepped.items():
        say("migrate.step", name=s.name, title=now.pick(s.zh, s.en), table=now.pick(TABLES[table].zh, table), version=s.since, n=n)
    shaped = Counter((o.part.table, o.part.version) for o in olds if not o.steps)
    for (table, version), n in shaped.items():
        say("migrate.shaped", table=now.pick(TABLES[table].zh, table), version=version, now=TABLES[table].version, n=n)
