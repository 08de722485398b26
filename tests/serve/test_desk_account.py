"""案头命令：账号 · Accounts on the command line: passwords, sessions, one-time codes, and that no secret stands on a command's line."""

import re
import stat
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pyotp
import pytest
from typer.main import get_command

from heng.serve.cli.main import registered
from tests.serve.desk_people import PASSWORD, Hands, Office, hands, office
from tests.serve.test_desk_people import commands

__all__ = ["hands", "office"]  # fixtures of this page


def test_a_password_is_set_with_a_code_once_and_changed_with_the_old_one(office: Office) -> None:
    code = office.data("people", "code", "wang", as_="li")["code"]
    with office.password(code, "another good one"):
        assert office.say("desk", "people", "password", "wang")[0] == 0
        assert office.say("desk", "people", "password", "wang")[0] == 2
    assert "不对" in office.refused("whoami", as_="wang")
    with office.password("another good one", "short"):
        assert "10" in office.say("desk", "people", "password", "wang")[2]
    with office.password("another good one", PASSWORD):
        assert office.say("desk", "people", "password", "wang")[0] == 0
    assert office.data("whoami", as_="wang")["posts"][0]["role"] == "system_admin"
    assert "不能给自己" in office.refused("people", "code", "li", as_="li")


def test_without_a_terminal_a_password_comes_from_the_environment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HENG_PASSWORD", raising=False)
    code, _, err = office.say("desk", "whoami", "--as", "wang")
    assert code == 2
    assert "HENG_PASSWORD" in err


def test_a_password_is_asked_for_unseen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD if "口令" in prompt else ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", typed)
    code, out, _ = office.say("desk", "whoami", "--as", "wang")
    assert code == 0
    assert "王系统" in out
    assert len(asked) == 2
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"{prompt} typed differently")
    assert "两次输入" in office.say("desk", "people", "password", "wang")[2]


def test_a_session_is_kept_in_a_file_that_nobody_else_reads_and_ends_with_logout(office: Office, tmp_path: Path) -> None:
    assert "主人" in office.desk("whoami")[1]
    with office.password(PASSWORD):
        assert office.say("desk", "login", "wang", "--purpose", "月末")[0] == 0
    (file,) = (tmp_path / "home" / ".heng").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    token = file.read_text()
    assert office.data("whoami")["login"] == "wang"
    assert "不担任" in office.refused("audit")  # no longer the owner of the folder
    assert office.data("whoami", as_="li")["login"] == "li"
    assert office.desk("logout")[0] == 0
    assert not file.exists()
    file.write_text(token)
    assert "重新登录" in office.refused("whoami")
    assert office.desk("logout")[0] == 0
    assert office.data("whoami")["login"] == ""


@pytest.mark.parametrize("kept", [b"", b"\n", b"\xff\xfe\x00", bytes(range(256)) * 99, "令牌".encode(), b"x" * 43])
def test_a_session_file_that_holds_no_session_makes_nobody_the_owner(office: Office, tmp_path: Path, kept: bytes) -> None:
    with office.password(PASSWORD):
        assert office.say("desk", "login", "wang")[0] == 0
    (file,) = (tmp_path / "home" / ".heng").iterdir()
    file.write_bytes(kept)
    for words in (("whoami",), ("people", "list"), ("people", "add", "qian", "--name", "钱")):
        assert "重新登录" in office.refused(*words)
    assert office.desk("logout")[0] == 0
    assert office.data("whoami")["login"] == ""


def test_the_session_of_another_desk_opens_nothing_here(office: Office, region: Path, tmp_path: Path) -> None:
    with office.password(PASSWORD):
        assert office.say("desk", "login", "wang")[0] == 0
    (file,) = (tmp_path / "home" / ".heng").iterdir()
    token = file.read_bytes()
    assert office.desk("logout")[0] == 0
    (region / "desk.db").rename(region / "away.db")
    for name in ("desk.db-wal", "desk.db-shm"):
        (region / name).unlink(missing_ok=True)
    office.open()
    file.write_bytes(token)
    assert "重新登录" in office.refused("people", "list")


def test_a_code_ends_the_session_and_says_who_made_it(office: Office) -> None:
    with office.password(PASSWORD):
        assert office.say("desk", "login", "wang")[0] == 0
    assert office.data("whoami")["login"] == "wang"
    office.data("people", "code", "wang", as_="li")
    assert "重新登录" in office.refused("whoami")
    newest = office.data("notices", "list", as_="wang")["notices"][0]
    assert "li" in newest["body"]
    (row,) = office.data("audit", "--action", "account.reset", "--who", "li", as_="zhao")["audit"]
    assert (row["object"], row["allowed"]) == ("wang", True)


SECRET = re.compile(r"secret|password|passphrase|otp|token|pin|code|密钥|口令|动态码|代码")


def test_no_command_takes_a_secret_on_its_line() -> None:
    """Whoever lists the processes of a machine, or opens the history of a shell, reads every word of a command."""
    found = [(words, name) for words in commands(get_command(registered())) for name in parameters(*words)]
    assert len(found) > 100
    assert [(words, name) for words, name in found if SECRET.search(name)] == []


def parameters(*words: str) -> Iterator[str]:
    """What a command takes: the names of its options and arguments, as they are shown."""
    one: Any = get_command(registered())
    for word in words:
        one = one.commands[word]
    for p in one.params:
        yield from (*p.opts, *(word for word in (p.metavar, p.name) if word))


def test_one_time_codes(office: Office, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = office.data("people", "totp", as_="wang")["secret"]
    phone, at = pyotp.TOTP(secret), int(hands.moment.replace(tzinfo=UTC).timestamp())
    monkeypatch.setenv("HENG_TOTP", secret)
    assert "HENG_CODE" in office.refused("people", "totp", as_="wang")
    for wrong in ("000000", "一二三四五六"):
        monkeypatch.setenv("HENG_CODE", wrong)
        assert "不对" in office.refused("people", "totp", as_="wang")
    monkeypatch.setenv("HENG_CODE", phone.at(at))
    assert office.data("people", "totp", as_="wang")["login"] == "wang"
    monkeypatch.delenv("HENG_TOTP")
    monkeypatch.delenv("HENG_CODE")
    assert "不对" in office.refused("whoami", as_="wang")
    monkeypatch.setenv("HENG_CODE", phone.at(at + 30))  # the next one: the last is used up
    assert office.data("whoami", as_="wang")["login"] == "wang"
    monkeypatch.delenv("HENG_CODE")
    assert "登录" in office.refused("people", "totp")


def test_a_secret_is_shown_once_and_the_code_of_the_phone_asked_for(office: Office, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    at, told = int(hands.moment.replace(tzinfo=UTC).timestamp()), dict[str, str]()

    def made(login: str) -> tuple[str, str]:
        told["secret"] = pyotp.random_base32()
        return told["secret"], f"otpauth://totp/Heng:{login}"

    monkeypatch.setattr("heng.desk.account.new_totp", made)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: pyotp.TOTP(told["secret"]).at(at) if "手机" in prompt else PASSWORD)
    code, out, err = office.desk("people", "totp", as_="wang")
    assert (code, err) == (0, "")
    assert out.count(told["secret"]) == 1
    assert "以后登录" in out or "动态码" in out
    assert "不对" in office.refused("whoami", as_="wang")


def test_what_is_no_utf_8_is_refused_in_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = b"\xff\xfe".decode("utf8", "surrogateescape")
    for words in (("people", "add", f"w{odd}", "--name", "王"), ("people", "add", "w1", "--name", odd), ("people", "end", odd)):
        assert "unexpected" not in office.refused(*words)
    with monkeypatch.context() as m:
        m.setenv("HENG_PASSWORD", odd)
        code, out, err = office.say("desk", "whoami", "--as", "wang")
    assert (code, out) == (2, "")
    assert "UTF-8" in err
