"""体检 · Doctor: versions, settings, generations, sizes, damaged files, the writer, closed months, changed parameters."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heng.serve.cli.backup import readable
from heng.serve.cli.command import Json, command
from heng.serve.cli.console import progress, tell
from heng.serve.cli.session import session

if TYPE_CHECKING:
    from heng.app.doctor import Examination


@dataclass(kw_only=True)
class DoctorOptions:
    """体检的选项 · Options of `heng doctor`."""

    json: Json = False


@command("doctor", DoctorOptions)
def doctor(asked: DoctorOptions) -> int:
    """体检：区域文件夹是否完好 · Examine the region folder; exit code 1 when a file is missing or damaged."""
    from heng.app.doctor import examine
    from heng.serve.cli.output import print_json

    region = session().region()
    with progress() as report:
        report("", 0, 1)
        found = examine(region)
    if asked.json:
        print_json({**asdict(found), "sound": found.sound})
    else:
        tell(f"{region.name} · {region.path}", *_lines(found))
    return 0 if found.sound else 1


def _lines(found: "Examination") -> Iterator[str]:
    say = session().say
    yield f"{say('doctor.versions')}：" + "，".join(f"{k} {v}" for k, v in found.versions.items())
    yield f"{say('doctor.settings')}：" + "，".join(f"{k}={v}" for k, v in found.settings.items())
    yield f"{say('doctor.generations')}："
    yield from (f"  {g['generation']}  {g['at']}  {g['by']}  {g['note']}（{g['parts']}）" for g in found.generations)
    yield f"{say('doctor.sizes')}：" + "，".join(f"{name} {readable(size)}" for name, size in found.sizes.items() if size)
    yield from _files(found)
    writer = found.writer
    yield f"{say('doctor.lock')}：" + (f"{writer['owner']}（{writer['pid']}）{writer['doing']}" if writer else say("doctor.nobody"))
    yield f"{say('doctor.closed')}：" + ("，".join(f"{c.org} {c.month}（{c.by}）" for c in found.closed) or say("close.list.none"))
    if found.policy:
        yield f"{say('doctor.policy')}："
        yield from (f"  {v['key']} = {v['value']}（{v['scope']}，{v['since']}，{v['source']}）" for v in found.policy)
    yield say("doctor.free", free=readable(found.free))


def _files(found: "Examination") -> Iterator[str]:
    say = session().say
    if found.sound:
        yield f"{say('doctor.files')}：{say('doctor.sound', n=found.checked)}"
    else:
        yield f"{say('doctor.files')}："
        yield from (f"  {say('doctor.missing', file=f)}" for f in found.missing)
        yield from (f"  {say('doctor.damaged', file=f)}" for f in found.damaged)
        yield say("doctor.restore")
    yield from (f"  {say('doctor.orphan', file=f)}" for f in found.orphans)
