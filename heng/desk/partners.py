"""合作医院 · Which hospitals work together: each sees of the other what grants give for partners."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from heng.core.errors import DeskError
from heng.desk.audit import Deed, acting
from heng.desk.database import Database
from heng.desk.people import in_order
from heng.desk.schema import Partner
from heng.desk.standing import SECURITY, lasting


@dataclass(frozen=True)
class NewPartner:
    """新的合作关系 · Two hospitals that work together, from a day until the day they do no longer."""

    org: str
    partner: str
    since: date
    until: date | None = None
    reason: str = ""


def pair(db: Database, new: NewPartner, by: str) -> Partner:
    """结成合作 · Two hospitals become partners. The same again changes nothing, whichever is named first."""
    with acting(db, by, (SECURITY,), Deed("partners.pair", f"{new.org} {new.partner} {new.since}–{new.until or ''}")) as session:
        if new.org == new.partner or not (new.org and new.partner):
            raise DeskError(
                "合作需要两家医院",
                "it takes two hospitals to be partners",
                where="partner",
                mend=("写两家不同的医院", "name two different hospitals"),
            )
        in_order(new.since, new.until)
        both = (new.org, new.partner)
        same = select(Partner).where(Partner.org.in_(both), Partner.partner.in_(both)).filter_by(since=new.since, until=new.until)
        if (row := session.scalar(same.order_by(Partner.id))) is None:
            row = Partner(org=new.org, partner=new.partner, since=new.since, until=new.until, by=by, reason=new.reason)
            session.add(row)
            session.flush()
        return row


def part(db: Database, pair: int, day: date, by: str) -> None:
    """结束合作 · On `day` two hospitals are partners no longer."""
    with db.reading() as session:
        told = " ".join(session.execute(select(Partner.org, Partner.partner).where(Partner.id == pair)).one_or_none() or ())
    with acting(db, by, (SECURITY,), Deed("partners.part", f"partner {pair}: {told} –{day}")) as session:
        row = session.get(Partner, pair)
        if row is None or (row.until is not None and row.until <= day):
            raise DeskError(
                f"没有合作关系 {pair}，或早已结束",
                f"there is no partnership {pair}, or it ended before",
                where="partner",
                mend=("heng desk partners list 列出号码", "heng desk partners list tells the numbers"),
            )
        row.until = max(row.since, day)


def partners(session: Session, org: str, day: date) -> frozenset[str]:
    """合作医院 · The hospitals a hospital works with on a day, whichever of the two was named first."""
    rows = session.scalars(select(Partner).where(or_(Partner.org == org, Partner.partner == org), *lasting(Partner, day)))
    return frozenset(row.partner if row.org == org else row.org for row in rows)
