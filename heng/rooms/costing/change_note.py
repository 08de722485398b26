"""标准变动说明 · Why a regional standard moved: four steps from the standard of the quarter before, with nothing left over.

例均水平: hospitals seen in both quarters, at this quarter's cases. 医院结构: their shares, new hospitals and those gone.
去极值: what trimming adds or takes. 收缩: the pull towards the family.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from heng.core.errors import Say
from heng.methods.rounding import nearest
from heng.rooms.costing.disease_sample import Standard


def change_note(before: Standard | None, now: Standard) -> Say:
    """说明变动 · The steps in yuan, the hospitals that came and went, cases and trimmed cases then and now; zh and en."""
    if before is None:
        return "首次制定：上季没有该组的病例", "first standard: no case of the group in the quarter before"
    old, new = before.sample, now.sample
    level, hospitals, trim, shrink, whole = (f"{Decimal(step).scaleb(-2):+}" for step in _steps(before, now))
    came, gone = sorted(set(new.hospitals) - set(old.hospitals)), sorted(set(old.hospitals) - set(new.hospitals))
    seen, cut = f"{old.cases} → {new.cases}", f"{old.cases - old.sound.kept} → {new.cases - new.sound.kept}"
    zh = (
        f"较上季 {whole} 元：例均水平 {level}，医院结构 {hospitals}，去极值 {trim}，收缩 {shrink}",
        f"例数 {seen}，去极值例数 {cut}",
        *(f"{word} {'、'.join(orgs)}" for word, orgs in (("新增医院", came), ("退出医院", gone)) if orgs),
    )
    en = (
        f"{whole} yuan on the quarter before: level of cost {level}, hospitals {hospitals}, trimming {trim}, shrinkage {shrink}",
        f"cases {seen}, trimmed {cut}",
        *(f"{word} {', '.join(orgs)}" for word, orgs in (("new", came), ("gone", gone)) if orgs),
    )
    return "；".join(zh), "; ".join(en)


def _steps(before: Standard, now: Standard) -> list[int]:
    """In fen: level, hospitals, trimming, shrinkage, and their sum."""
    old, new = before.sample, now.sample
    both = set(old.hospitals) & set(new.hospitals)
    level = sum((_level(old.hospitals[org], new.hospitals[org]) for org in both), Fraction()) / new.cases
    at = [Fraction(), level, new.raw - old.raw, new.sound.mean - old.sound.mean, now.amount - before.amount]
    points = [nearest(before.amount + moved) for moved in at]
    return [*(b - a for a, b in pairwise(points)), points[-1] - points[0]]


def _level(before: tuple[int, int], now: tuple[int, int]) -> Fraction:
    """What this quarter's cases of a hospital cost beyond its mean of the quarter before."""
    return now[1] - Fraction(before[1] * now[0], before[0])
