"""第一版的表 · The tables of the first release, and the audit that only grows."""

from alembic import op

from heng.desk.migrations.append_only import guard, release
from heng.desk.migrations.first_step import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """建表 · Make the tables."""
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)
    guard("audit")


def downgrade() -> None:
    """全部撤去 · Take them all away, with what they hold."""
    made = [statement.split()[2].strip('"') for statement in statements(op.get_bind().dialect.name) if statement.startswith("CREATE TABLE")]
    for table in reversed(made):
        op.drop_table(table)
    release("audit")
