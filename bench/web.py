"""网页在负载下 · The pages under load: 200 people who look, think for ten seconds and look again; the server in a process of its own.

The demo region with a million charge lines. Of the looks 40 % are the cockpit, 40 % a table (half of them the charge lines), 10 %
a step down the drill path, 10 % why. Then the rate is raised, without anybody waiting for anybody, until p95 leaves 300 ms.

    python bench/web.py --seconds 600 --region FOLDER     # FOLDER is made when it is not there, and kept
"""

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import polars as pl

from heng.app.region import Region
from heng.serve.demo_desk import PASSWORD
from heng.store.parts import write_part
from heng.tables.patients import Charge

TARGETS = {
    "p95_ms": "≤ 300 ms: 200 people, thinking 10 s on average",
    "errors": "0",
    "memory_growth": "< 5 % over 10 minutes",
}
LINES, USERS, THINK, SECONDS, FIRST = 1_000_000, 200, 10.0, 60.0, 300
MIX = (("cockpit", 40), ("table", 40), ("drill", 10), ("why", 10))
PEOPLE = ("yuanzhang", "kuaiji", "caiwu", "yiwu", "yuanzhang2", "kuaiji2", "weijian")
RATES = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200)
HENG = Path(sys.executable).with_name("heng")


@dataclass(frozen=True)
class Person:
    """A person who is logged in: her cookie, and the addresses of each kind that she looks at."""

    cookie: str
    looks: dict[str, list[str]]


@dataclass
class Told:
    """What was measured: milliseconds by kind, and answers that were none."""

    spent: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in MIX})
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, port: int, person: Person, chance: random.Random) -> None:
        """One look, measured until its last byte is there."""
        kind = chance.choices([k for k, _ in MIX], [n for _, n in MIX])[0]
        address, begun = chance.choice(person.looks[kind]), time.perf_counter()
        try:
            status = asked(port, address, person.cookie)[0]
        except OSError as e:
            status = type(e).__name__
        spent = 1000 * (time.perf_counter() - begun)
        with self.lock:
            self.spent[kind].append(spent)
            if status != 200:
                self.wrong[f"{status} {address}"] += 1

    @property
    def all(self) -> list[float]:
        """Every look."""
        return [ms for some in self.spent.values() for ms in some]


def run(lines: int = LINES) -> dict[str, object]:
    """在临时文件夹里量一次 · Make the region in a scratch folder and measure for a minute."""
    with tempfile.TemporaryDirectory() as scratch:
        return measured(made(Path(scratch) / "demo", lines), SECONDS)


def measured(region: Path, seconds: float, rates: tuple[int, ...] = RATES) -> dict[str, object]:
    """量 · Serve a region, let 200 people look at it for so long, then raise the rate."""
    with served(region) as (port, pid):
        people = [entered(port, PEOPLE[i % len(PEOPLE)]) for i in range(USERS)]
        for person in people[: len(PEOPLE)]:  # so that what is remembered is: growth after that is a leak
            for address in (a for some in person.looks.values() for a in some):
                asked(port, address, person.cookie)
        crowd(port, people, min(20.0, seconds))
        alone = {f"{kind}_cpu_ms": cost(port, pid, people, kind) for kind, _ in MIX}
        before, told = memory(pid), crowd(port, people, seconds)
        after = memory(pid)
        highest = raised(port, people, rates)
    ms = {f"{kind}_p95_ms": percentile(some, 95) for kind, some in told.spent.items()}
    return {
        "seconds": seconds,
        "users": USERS,
        "looks": len(told.all),
        "a_second": round(len(told.all) / seconds, 1),
        **{f"p{p}_ms": percentile(told.all, p) for p in (50, 95, 99)},
        **ms,
        **alone,
        "errors": sum(told.wrong.values()),
        "wrong": dict(told.wrong.most_common(5)),
        "memory_mib": round(after / 2**20),
        "memory_growth": round(after / before - 1, 4),
        "highest_rate": highest,
    }


def made(folder: Path, lines: int) -> Path:
    """The demo region with so many charge lines; as it is where it was made before."""
    region = folder / "region"
    if not (folder / ".charged").exists():
        subprocess.run([HENG, "demo", "--to", folder], check=True, capture_output=True)  # noqa: S603 - our own command
        charged(Region(region), lines)
        (folder / ".charged").touch()
    return region


def charged(region: Region, lines: int) -> None:
    """Charge lines of every hospital's months, as many in each."""
    cells, chance = region.cells(), np.random.default_rng(1)
    each = lines // len(cells) + 1
    with region.writing("bench"):
        parts = []
        for org, month in cells:
            row = np.arange(1, each + 1, dtype=np.int32)
            fen = pl.Series(chance.integers(100, 500_000, each)).cast(pl.Decimal(18, 2)) / 100
            columns = {
                "org": org,
                "month": month,
                "encounter": row // 30 + 1,
                "service": chance.integers(1, 900, each),
                "orderer": chance.integers(1, 200, each),
                "quantity": pl.Series(chance.integers(1, 5, each)).cast(pl.Decimal(18, 4)),
                "amount": fen,
                "file": "bench",
                "row": row,
            }
            frame = pl.DataFrame(columns).cast(dict(Charge.schema())).select(list(Charge.columns))
            parts.append(write_part(region.path, Charge, frame.sort(Charge.full_key()), (org, month, "")))
        region.publish("bench", parts)


@contextmanager
def served(region: Path) -> Iterator[tuple[int, int]]:
    """A server of the region in a process of its own: its port and number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([HENG, "--region", region, "serve", "--port", str(port)], stdout=said, stderr=said)  # noqa: S603
        try:
            for _ in range(600):
                with socket.socket() as door:
                    if door.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def asked(port: int, address: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body, headers = (urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}) if form else (None, {})
    try:
        connection.request("POST" if form else "GET", address, body, {**headers, "Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
        answer = connection.getresponse()
        return answer.status, {"cookie": "; ".join(re.findall(r"(heng_\w+=[^;]+)", str(answer.headers)))}, answer.read()
    finally:
        connection.close()


def entered(port: int, login: str) -> Person:
    """Log somebody in, and find out what she may look at."""
    status, headers, _ = asked(port, "/login", form={"login": login, "password": PASSWORD})
    if status != 303:
        raise RuntimeError(f"{login} cannot log in: {status}")
    return Person(headers["cookie"], looks_of(port, login, headers["cookie"]))


KNOWN: dict[str, dict[str, list[str]]] = {}


def looks_of(port: int, login: str, cookie: str) -> dict[str, list[str]]:
    """The addresses that a person looks at: tables in several orders and pages, departments, reasons of the dearest rows."""
    if login not in KNOWN:
        first = json.loads(asked(port, "/table/DeptCost.json?sort=-amount&size=50", cookie)[2])
        month = first["period"]
        rows = [r for r in first["rows"] if r.get("dept")]
        orgs = sorted({r["org"] for r in rows})
        at = [f"period={month}&org={o}" for o in orgs]
        charges = [f"/table/Charge?{a}&sort={s}&page={n}" for a in at for s in ("-amount", "service") for n in (1, 2, 7)]
        if asked(port, charges[0], cookie)[0] != 200:  # single charges are not for everybody
            charges = []
        costs = [f"/table/DeptCost?{a}&sort={s}&page={n}" for a in at for s in ("-amount", "dept") for n in (1, 2)]
        drill = [f"/table/DeptCost?period={month}&org={r['org']}&dept={r['dept']}" for r in rows[:10]]
        where = [urlencode({"period": month, "org": r["org"], "dept": r["dept"], "where": f"item={r['item']}"}) for r in rows[:10]]
        KNOWN[login] = {"cockpit": ["/"], "table": costs + charges, "drill": drill, "why": [f"/why/DeptCost?{w}" for w in where]}
    return KNOWN[login]


def crowd(port: int, people: list[Person], seconds: float) -> Told:
    """Everybody looks and thinks, looks and thinks, for so long."""
    told, end = Told(), time.perf_counter() + seconds

    def live(number: int, person: Person) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, min(THINK, seconds)))
        while time.perf_counter() < end:
            told.look(port, person, chance)
            time.sleep(min(chance.expovariate(1 / THINK), max(0.0, end - time.perf_counter())))

    together([lambda n=n, p=p: live(n, p) for n, p in enumerate(people)])  # type: ignore[misc]
    return told


def cost(port: int, pid: int, people: list[Person], kind: str, many: int = 20) -> float:
    """Milliseconds of processor that a look of a kind costs the server, one after another: whatever else the machine does."""
    chance, before = random.Random(kind), worked(pid)
    for n in range(many):
        asked(port, chance.choice(people[n % len(PEOPLE)].looks[kind]), people[n % len(PEOPLE)].cookie)
    return round(1000 * (worked(pid) - before) / many, 1)


def worked(pid: int) -> float:
    """Seconds of processor that a process has used."""
    used = Path(f"/proc/{pid}/stat").read_text("utf8").rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def raised(port: int, people: list[Person], rates: tuple[int, ...], seconds: float = 10.0) -> int:
    """The highest rate, in looks a second that wait for nobody, at which p95 is within 300 ms; 0 for none."""
    highest = 0
    for rate in rates:
        told, chance = Told(), random.Random(rate)
        arrivals = np.cumsum([chance.expovariate(rate) for _ in range(int(rate * seconds))])
        begun = time.perf_counter()

        def come(at: float, number: int, told: Told = told, begun: float = begun) -> None:
            time.sleep(max(0.0, begun + at - time.perf_counter()))
            told.look(port, people[number % len(people)], random.Random(number))

        together([lambda a=a, n=n: come(a, n) for n, a in enumerate(arrivals.tolist())])  # type: ignore[misc]
        if told.wrong or percentile(told.all, 95) > FIRST:
            break
        highest = rate
    return highest


def together(deeds: list[Callable[[], None]]) -> None:
    """All at once, each in a thread."""
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def memory(pid: int) -> int:
    """Bytes that a process holds in memory."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("utf8"))
    return 1024 * int(found[1]) if found else 0


def percentile(some: list[float], which: int) -> float:
    """A percentile, in milliseconds; 0 for none."""
    return round(float(np.percentile(some, which)), 1) if some else 0.0


def main() -> None:
    """As a script: how long, and where the region is kept."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--seconds", type=float, default=SECONDS)
    words.add_argument("--lines", type=int, default=LINES)
    words.add_argument("--region", type=Path)
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        region = made(said.region or Path(scratch) / "demo", said.lines)
        print(json.dumps(measured(region, said.seconds), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
