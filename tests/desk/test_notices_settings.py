"""heng.yaml 中的通道 · Channels in heng.yaml: what is written is what is used, secrets stand elsewhere, mistakes are explained."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from heng.core.errors import DeskError
from heng.desk.channels.mail import Mail
from heng.desk.channels.robot import Robot
from heng.desk.channels.settings import channels_of

WRITTEN = """
notices:
  channels:
  - {kind: smtp, host: mail.example.cn, from: 衡 <heng@example.cn>, user: heng, password: {env: HENG_SMTP}, timeout: 5}
  - {kind: smtp, name: 备用, host: 10.0.0.8, tls: none, from: heng@example.cn}
  - {kind: wecom, url: {file: secrets/wecom.url}, orgs: [H01]}
  - {kind: dingtalk, url: {env: DING_URL}, secret: {env: DING_SECRET}}
  - {kind: webhook, url: "https://example.cn:8443/hook"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "wecom.url").write_text("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc\n", "utf8")
    monkeypatch.setenv("HENG_SMTP", "open-sesame")
    monkeypatch.setenv("DING_URL", "https://oapi.dingtalk.com/robot/send?access_token=def")
    monkeypatch.setenv("DING_SECRET", "SEC1")
    monkeypatch.delenv("NOTHING", raising=False)
    return tmp_path


def test_what_is_written_is_what_is_used(folder: Path) -> None:
    mail, spare, wecom, ding, hook = channels_of(yaml.safe_load(WRITTEN), folder)
    assert isinstance(mail, Mail)
    assert (mail.name, mail.port, mail.tls, mail.user, mail.password, mail.timeout) == ("smtp", 587, "starttls", "heng", "open-sesame", 5)
    assert (str(mail.sender), mail.orgs) == ("衡 <heng@example.cn>", None)
    assert isinstance(spare, Mail)
    assert (spare.name, spare.port) == ("备用", 25)
    assert isinstance(wecom, Robot)
    assert (wecom.address(""), wecom.orgs) == ("qyapi.weixin.qq.com", frozenset({"H01"}))
    assert isinstance(ding, Robot)
    assert ding.secret == "SEC1"  # noqa: S105
    assert hook.address("") == "example.cn:8443"
    shown = repr((mail, spare, wecom, ding, hook))
    assert not any(secret in shown for secret in ("open-sesame", "key=abc", "access_token", "SEC1"))


def test_without_channels_there_are_none(folder: Path) -> None:
    assert channels_of({}, folder) == channels_of({"notices": None}, folder) == channels_of({"notices": {"channels": []}}, folder) == ()


@pytest.mark.parametrize(
    ("row", "where", "said"),
    [
        ({"kind": "stmp"}, "kind", "did you mean smtp?"),
        ({}, "kind", "it is missing"),
        ({"kind": "webhook", "url": "http://h/x", "name": "名" * 51}, "name", "at most 50"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "pasword": 1}, "pasword", "did you mean password?"),
        ({"kind": "smtp", "from": "a@b.cn"}, "host", "it is missing"),
        ({"kind": "smtp", "host": "h", "from": "nobody"}, "from", "it is like"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "port": 0}, "port", "whole number"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "port": "587"}, "port", "whole number"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "tls": True}, "tls", "it is a text"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "tls": "ssl"}, "tls", "starttls, tls or none"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "user": "u"}, "password", "go together"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "user": "u", "password": "open"}, "password", "does not stand here"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "user": "u", "password": {"env": "NOTHING"}}, "password", "nothing is in"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "user": "u", "password": {"file": "gone"}}, "password", "cannot be read"),
        ({"kind": "smtp", "host": "h", "from": "a@b.cn", "ca": "gone.pem"}, "ca", "no file"),
        ({"kind": "wecom", "url": "https://qyapi.weixin.qq.com/?key=1"}, "url", "does not stand here"),
        ({"kind": "webhook", "url": "file:///etc/passwd"}, "url", "http://"),
        ({"kind": "webhook", "url": "http://[/x"}, "url", "http://"),
        ({"kind": "webhook"}, "url", "http://"),
        ({"kind": "webhook", "url": "http://h/x", "secret": {"env": "DING_SECRET"}}, "secret", "only dingtalk"),
        ({"kind": "webhook", "url": "http://h/x", "orgs": "H01"}, "orgs", "list of hospital codes"),
    ],
)
def test_a_mistake_is_explained_where_it_stands(folder: Path, row: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(DeskError) as refused:
        channels_of({"notices": {"channels": [row]}}, folder)
    assert refused.value.where == f"heng.yaml notices.channels[1].{where}"
    assert said in refused.value.en
    assert "open" not in str(refused.value).replace("open-sesame", "") or row.get("password") != "open"


@pytest.mark.parametrize("said", [[], "smtp", {"channels": "smtp"}, {"channels": ["smtp"]}])
def test_channels_are_a_list(folder: Path, said: Any) -> None:
    if said:
        with pytest.raises(DeskError, match="channels is a list"):
            channels_of({"notices": said}, folder)


def test_two_channels_have_two_names(folder: Path) -> None:
    hook = {"kind": "webhook", "url": "http://h/x"}
    with pytest.raises(DeskError, match="two channels have one name"):
        channels_of({"notices": {"channels": [hook, hook]}}, folder)
    assert len(channels_of({"notices": {"channels": [hook, hook | {"name": "二"}]}}, folder)) == 2
