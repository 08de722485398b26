"""区域的案头：数据库、日历、权限、通道 · The desk of a region: its database, and what the region's policy and settings say for it."""

from copy import copy
from datetime import date
from pathlib import Path

from heng.app.region import Region
from heng.core.errors import DeskError
from heng.core.params import Policy
from heng.desk.channels.letter import Channel
from heng.desk.channels.settings import channels_of
from heng.desk.database import Database, utc
from heng.desk.rights import Rights
from heng.desk.secret import secret
from heng.methods.workdays import Workdays
from heng.rooms.steering.workdays import workdays

FILE = "desk.db"
"""内嵌数据库的文件名 · The file of the embedded database, in the region's folder."""


class Desk:
    """一个区域的案头 · The desk of one region."""

    def __init__(self, region: Region, *, new: bool = False) -> None:
        """打开 · Open it; DeskError when there is none yet, unless a new one is wanted."""
        self._rights: tuple[Policy, date, Rights] | None = None
        self.region, place = region, place_of(region)
        if isinstance(place, Path) and not place.exists() and not new:
            raise DeskError(
                "这个区域还没有案头",
                "this region has no desk yet",
                where=region.name,
                mend=("先建立：heng desk setup", "set it up: heng desk setup"),
            )
        self.db = Database(place, utc)

    def at(self, region: Region) -> "Desk":
        """同一个案头，另一代数据 · The same desk, its database open as it is, before another generation of the region."""
        other = copy(self)
        other.region = region
        return other

    @property
    def workdays(self) -> Workdays:
        """工作日历 · The working days that the region's policy knows."""
        return workdays(self.region.policy)

    @property
    def rights(self) -> Rights:
        """今天的权限模板 · The templates of rights in force today; read once while policy and day are the same."""
        policy, day, held = self.region.policy, self.db.today, self._rights
        if held is None or held[0] is not policy or held[1] != day:
            held = self._rights = (policy, day, Rights(policy, day))
        return held[2]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """设好的通道 · The channels that heng.yaml sets up."""
        return channels_of(self.region.settings, self.region.path)


def place_of(region: Region) -> Path | str:
    """数据库在哪里 · Where the database is: `desk.db` in the folder, or what heng.yaml names under `desk: {url: {env: …}}`."""
    said = region.settings.get("desk")
    if said is None:
        return region.path / FILE
    if not isinstance(said, dict) or set(said) != {"url"}:
        raise DeskError(
            "heng.yaml 中的 desk 看不懂",
            "the desk in heng.yaml cannot be understood",
            where="heng.yaml desk",
            mend=("写成 desk: {url: {env: HENG_DESK}}", "write desk: {url: {env: HENG_DESK}}"),
        )
    return secret(said["url"], "heng.yaml desk.url", region.path)
