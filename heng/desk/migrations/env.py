"""每一步在同一个事务里 · Where the steps run: on the connection, and inside the one transaction, of `heng.desk.migration`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
