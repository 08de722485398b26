"""慢而独立的分组器 · A slow grouper straight from the CSV files, sharing no code with the product: what the fast one is compared with.

It reads each condition as text, case by case, list by list, in the order of the files.
"""

import csv
import gzip
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple


class Stay(NamedTuple):
    """A case: codes in their order, the principal one first."""

    dx: list[str]
    ops: list[str]
    sex: int | None
    age: int | None
    age_days: int | None
    weight: int | None


class SlowGrouper:
    """CHS-DRG 1.1 as its tables say, without QY."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mdcs = self._ordered("mdc.csv")
        self.adrgs, self.drgs = defaultdict(list), defaultdict(list)
        for r in self._ordered("adrg.csv"):
            self.adrgs[r["mdc"]].append(r)
        for r in self._ordered("drg.csv"):
            self.drgs[r["adrg"]].append(r)
        self.mdc_dx, self.site = defaultdict(set), {}
        for r in self._rows("mdc_dx.csv.gz"):
            self.mdc_dx[r["mdc"]].add(r["dx"])
            if r["mdc"] == "MDCZ":
                self.site[r["dx"]] = r["body_site"]
        self.lists = defaultdict(set)
        for name, code in (("adrg_dx.csv.gz", "dx"), ("adrg_op.csv.gz", "op")):
            for r in self._rows(name):
                self.lists[r["adrg"], r["set"]].add(r[code])
        self.valid = {r["op"] for r in self._rows("valid_op.csv.gz")}
        self.excluding = {r["principal_dx"]: r["exclusion_table"] for r in self._rows("exclusion.csv.gz")}
        self.table = {level: {r["dx"]: r["exclusion_table"] for r in self._rows(f"{level}.csv.gz")} for level in ("mcc", "cc")}

    def group(self, stay: Stay) -> tuple[str, str, str]:
        """MDC, ADRG and DRG, 0000 where there is none."""
        for mdc in self.mdcs:
            if stay.dx and self._enters(mdc["mdc"], stay):
                for adrg in self.adrgs[mdc["mdc"]]:
                    if self._holds(adrg["condition"], adrg["adrg"], stay):
                        return mdc["mdc"], adrg["adrg"], self._split(adrg["adrg"], stay)
                if mdc["mdc"] != "MDCA":
                    return mdc["mdc"], "", "0000"
        return "", "", "0000"

    def severity(self, stay: Stay) -> set[str]:
        """Levels that the other diagnoses have once exclusions are taken off."""
        own = self.excluding.get(stay.dx[0])
        return {level for level in ("mcc", "cc") for dx in stay.dx[1:] if dx in self.table[level] and self.table[level][dx] != own}

    def _enters(self, mdc: str, stay: Stay) -> bool:
        if mdc == "MDCA":
            return bool(stay.ops) and stay.ops[0] in self.valid
        if stay.dx[0] not in self.mdc_dx[mdc]:
            return False
        sites = {self.site[dx] for dx in stay.dx if dx in self.site}
        more = {"MDCP": stay.age == 0, "MDCM": stay.sex == 1, "MDCN": stay.sex == 2, "MDCZ": len(sites) >= 2}
        return more.get(mdc, True)

    def _holds(self, condition: str, adrg: str, stay: Stay) -> bool:
        """Innermost brackets first, then `or`, then `and`."""
        while found := re.search(r"\(([^()]*)\)", condition):
            condition = condition.replace(found[0], "TRUE" if self._holds(found[1], adrg, stay) else "FALSE")
        return any(all(self._atom(part.strip(), adrg, stay) for part in way.split(" and ")) for way in condition.split(" or "))

    def _atom(self, atom: str, adrg: str, stay: Stay) -> bool:
        if atom in ("TRUE", "FALSE"):
            return atom == "TRUE"
        if atom == "NO ANYOP in VALIDOP":
            return not set(stay.ops) & self.valid
        if " in " in atom:
            field, name = atom.split(" in ")
            codes = {"PDX": stay.dx[:1], "ANYDX": stay.dx, "POP": stay.ops[:1], "ANYOP": stay.ops}[field]
            return bool(set(codes) & (self.valid if name == "VALIDOP" else self.lists[adrg, name]))
        scalar, operator, number = re.fullmatch(r"(AGEDAYS|WEIGHT)(<=|>=|<)(\d+)", atom).groups()
        value = stay.age_days if scalar == "AGEDAYS" else stay.weight
        return value is not None and {"<=": value <= int(number), ">=": value >= int(number), "<": value < int(number)}[operator]

    def _split(self, adrg: str, stay: Stay) -> str:
        found = self.severity(stay)
        holds = {"ANY": True, "MCC": "mcc" in found, "MCC or CC": bool(found)}
        return next((r["drg"] for r in self.drgs[adrg] if holds[r["condition"]]), "0000")

    def _ordered(self, name: str) -> list[dict[str, str]]:
        return sorted(self._rows(name), key=lambda r: int(r["order"]))

    def _rows(self, name: str) -> list[dict[str, str]]:
        opened = gzip.open if name.endswith(".gz") else open
        with opened(self.folder / name, "rt", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
