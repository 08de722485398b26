"""只增不改的表 · A table that may only grow: triggers refuse to change, replace or delete a row.

Who owns the database can still take the triggers off; the rights on its file or server are what stops that.
"""

from alembic import op

TRIGGERS = {
    "sqlite": (
        "create trigger {table}_no_update before update on {table} begin select raise(abort, '{table} only grows'); end",
        # `insert or replace` deletes without the trigger for deleting
        """create trigger {table}_no_replace before insert on {table} when exists (select 1 from {table} where id = new.id)
        begin select raise(abort, '{table} only grows'); end""",
        "create trigger {table}_no_delete before delete on {table} begin select raise(abort, '{table} only grows'); end",
    ),
    "postgresql": (
        """create function {table}_only_grows() returns trigger language plpgsql as
        $$ begin raise exception '{table} only grows'; end $$""",
        """create trigger {table}_no_change before update or delete or truncate on {table}
        for each statement execute function {table}_only_grows()""",
    ),
}


def guard(table: str) -> None:
    """守住 · Put the triggers on. A later step that rebuilds the table on SQLite loses them and calls this again."""
    for trigger in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(trigger.format(table=table))


def release(table: str) -> None:
    """放开 · Take the function of PostgreSQL's trigger away after its table; on SQLite a table takes its triggers along."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"drop function if exists {table}_only_grows()")
