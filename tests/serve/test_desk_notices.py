"""案头命令：通知 · The desk on the command line: my notices, sending what is due, trying a channel, the log."""

from pathlib import Path

import pytest
import yaml

from heng.app.desk import Desk
from heng.app.region import Region
from heng.desk.notices import Message, notify
from heng.desk.people import find
from tests.desk.loopback import Letters, Posts, free_port, mail_server, robot_server
from tests.serve.desk_people import Office, hands, office

__all__ = ["hands", "office"]  # fixtures of this page


@pytest.fixture
def told(office: Office, region: Path) -> Office:
    """Somebody was told something."""
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402", mail="zhang@example.cn")
    desk = Desk(Region(region))
    with desk.db.writing() as session:
        notify(session, [find(desk.db, "zhang").id], Message("case/1", "请答复 · 医院自查", "红色预警：耗材占比 31.00\n期限 2026-03-05"))
    desk.db.close()
    return office


def channels(region: Path, *rows: dict[str, object]) -> None:
    said = yaml.safe_load((region / "heng.yaml").read_text("utf8"))
    (region / "heng.yaml").write_text(yaml.safe_dump(said | {"notices": {"channels": list(rows)}}, allow_unicode=True), "utf8")


def mail(port: int) -> dict[str, object]:
    return {"kind": "smtp", "host": "127.0.0.1", "port": port, "tls": "none", "from": "衡 <heng@example.cn>", "timeout": 5}


def test_my_notices_are_read_once(told: Office) -> None:
    (notice,) = told.data("notices", "list", as_="zhang")["notices"]
    assert (notice["subject"], notice["read"]) == ("请答复 · 医院自查", None)
    assert "期限 2026-03-05" in told.desk("notices", "list", as_="zhang")[1]
    assert told.data("notices", "read", notice["id"], as_="zhang")["n"] == 1
    assert told.desk("notices", "list", as_="zhang")[1].strip() == "没有"
    assert len(told.data("notices", "list", "--all", as_="zhang")["notices"]) == 1
    assert "不是您的" in told.refused("notices", "read", notice["id"], as_="wang")


def test_what_is_due_goes_out_by_mail_and_to_the_group(told: Office, region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters, posts = Letters(), Posts()
    with mail_server(letters) as port, robot_server(posts) as url:
        monkeypatch.setenv("WECOM", f"{url}/send?key=open-sesame")
        channels(region, mail(port), {"kind": "wecom", "url": {"env": "WECOM"}, "orgs": ["H01"]})
        assert told.data("notices", "deliver", as_="wang") == {"sent": 2, "failed": 0, "given_up": 0, "nowhere": 0, "down": []}
        assert told.data("notices", "deliver")["sent"] == 0
        assert told.data("notices", "test-send", "wecom")["outcome"] == "sent"
        assert told.data("notices", "test-send", "smtp", "--to", "it@example.cn", as_="wang")["address"] == "it@example.cn"
        assert "--to" in told.refused("notices", "test-send", "smtp")
        assert "是否想写 smtp" in told.refused("notices", "test-send", "stmp")
    assert letters.subjects == ["请答复 · 医院自查", "试发 · Trial"]
    assert len(posts.texts) == 2
    code, out, err = told.desk("notices", "log", as_="wang")
    assert code == 0
    assert "zhang@example.cn" in out
    assert "open-sesame" not in out + err
    assert [d["outcome"] for d in told.data("notices", "log")["deliveries"]] == ["sent"] * 4


def test_a_channel_in_trouble_is_told_and_gives_exit_code_1(told: Office, region: Path) -> None:
    channels(region, mail(free_port()))
    code, out, err = told.desk("notices", "deliver")
    assert (code, err) == (1, "")
    assert "失败 1 条" in out
    assert "通道「smtp」不通" in out
    code, out, _ = told.desk("notices", "test-send", "smtp", "--to", "it@example.cn", "--lang", "en")
    assert code == 1
    assert "failed" in out
    channels(region, {"kind": "fax"})
    assert "没有「fax」这种通道" in told.refused("notices", "deliver")
