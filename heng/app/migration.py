"""迁移一个区域 · Migrate a region: rewrite what older table versions wrote, as one new generation."""

from heng.app.region import Region
from heng.store.migrate import Old, migrated, old_parts


def plan(region: Region) -> list[Old]:
    """将要做什么 · What would be done; nothing is changed."""
    return old_parts(region.manifest)


def migrate(region: Region) -> list[Old]:
    """执行并发布 · Do it and publish; StoreError when a step is missing, and then nothing has changed."""
    with region.writing("heng migrate"):
        olds = old_parts(region.manifest)
        if olds:
            region.publish("migrate", migrated(region.path, olds))
    return olds
