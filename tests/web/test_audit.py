"""审计页 · The audit on the page: found by who, what and when, page by page without a row lost or doubled, and as a file."""

import csv
import io
import re

from tests.web.conftest import Enter


def numbers(page: str) -> list[int]:
    """The numbers of the rows on a page."""
    return [int(n) for n in re.findall(r'<tr>\s*<th scope="row">(\d+)</th>', page)]


def test_rows_are_found_by_who_what_and_whether_it_was_allowed(enter: Enter) -> None:
    enter("kuaiji").get("/grants")
    audit = enter("shenji")
    assert "page/grants" in audit.get("/audit?who=KUAIJI&refused=1").text
    assert "account.log_in" not in audit.get("/audit?who=kuaiji&refused=1").text
    assert "account.log_in" in audit.get("/audit?action=account.").text
    assert "没有这样的记录" in audit.get("/audit?since=2999-01-01").text
    assert audit.get("/audit?since=yesterday").status_code == 400


def test_older_pages_follow_without_a_row_lost_or_doubled(enter: Enter) -> None:
    audit, query, seen = enter("shenji"), "action=people.", list[int]()
    for _ in range(5):
        enter("kuaiji").get("/people")
    while True:
        page = audit.get(f"/audit?{query}").text
        seen += numbers(page)
        if not (older := re.findall(r'rel="next" href="/audit\?([^"]*)"', page)):
            break
        query = older[0].replace("&amp;", "&")
    assert seen == sorted(set(seen), reverse=True)
    rows = list(csv.reader(io.StringIO(audit.get("/audit.csv?action=people.").text.lstrip("\ufeff"))))
    assert [int(r[0]) for r in rows[1:] if r[0].isdecimal()] == seen


def test_looking_at_the_audit_is_in_the_audit(enter: Enter) -> None:
    audit = enter("shenji")
    audit.get("/audit?who=yuanzhang")
    assert "audit.trail" in audit.get("/audit?who=shenji").text
