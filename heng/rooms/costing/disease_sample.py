"""一季的病组样本 · The cases of a group in a quarter: what trimming keeps, each hospital's part, and the standard they give."""

from dataclasses import dataclass
from fractions import Fraction

from heng.methods.standard import Trimmed, nearest_rank, trimmed

Hospitals = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sample:
    """样本 · Cases and cost (fen) of each hospital, before trimming and of the cases kept; days: their mean, where known."""

    hospitals: Hospitals
    kept: Hospitals
    sound: Trimmed
    days: Fraction | None

    @property
    def cases(self) -> int:
        """例数 · Cases before trimming."""
        return sum(size for size, _ in self.hospitals.values())

    @property
    def raw(self) -> Fraction:
        """去极值前均值 · Mean of all cases, in fen."""
        return Fraction(sum(total for _, total in self.hospitals.values()), self.cases)

    def best(self, share: Fraction) -> Fraction:
        """标杆 · Mean of the hospital at this rank, from the lowest mean up; of the cases kept."""
        return nearest_rank(sorted(Fraction(total, size) for size, total in self.kept.values()), share)


@dataclass(frozen=True, slots=True)
class Standard:
    """标准 · A group's own mean, believed by `weight`, and the family's mean for the rest; in fen."""

    sample: Sample
    weight: Fraction
    parent: Fraction

    @property
    def amount(self) -> Fraction:
        """病种成本标准 · weight × own mean + (1 − weight) × family's mean."""
        return self.weight * self.sample.sound.mean + (1 - self.weight) * self.parent


def sample(orgs: list[str], costs: list[int], days: list[int | None], places: range) -> Sample:
    """归集样本 · The sample of a group whose cases stand in order of cost; `places` are those that trimming keeps."""
    stayed = [d for d in days if d is not None]
    kept = slice(places.start, places.stop)
    return Sample(
        _by_hospital(orgs, costs),
        _by_hospital(orgs[kept], costs[kept]),
        trimmed(costs, places),
        Fraction(sum(stayed), len(stayed)) if stayed else None,
    )


def _by_hospital(orgs: list[str], costs: list[int]) -> Hospitals:
    found: Hospitals = {}
    for org, cost in zip(orgs, costs, strict=True):
        size, total = found.get(org, (0, 0))
        found[org] = size + 1, total + cost
    return found
