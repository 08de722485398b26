"""邮件 · Mail by SMTP, with or without TLS: one letter to one person, with a Message-ID that stays at every attempt."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from heng.desk.channels.letter import Letter, UnsentError
from heng.desk.channels.trouble import told
from heng.desk.database import in_china

MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+")


@dataclass(frozen=True)
class Mail:
    """SMTP 邮件 · A mail server. `tls`: tls (from the first byte), starttls, or none; `ca`: certificate of the house's own CA."""

    name: str
    host: str
    port: int
    sender: Address
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    timeout: float = 20
    orgs: frozenset[str] | None = None
    shared: bool = field(default=False, init=False)

    def address(self, mail: str) -> str:
        """收件地址 · The address of the person."""
        return mail

    def send(self, letter: Letter) -> str:
        """送出 · Hand the letter to the server; what it answers after that is no longer about this letter."""
        try:
            written = self.written(letter)
        except (ValueError, MessageError) as e:  # a name or a subject that no header can hold
            raise UnsentError(str(e) or type(e).__name__, hopeless=True) from e
        with self._connected() as server:
            try:
                server.send_message(written)
            except smtplib.SMTPRecipientsRefused as e:
                code, said = next(iter(e.recipients.values()))
                raise UnsentError(f"{code} {_text(said)}", hopeless=code >= 500, down=code == 421) from e
            except smtplib.SMTPSenderRefused as e:
                raise UnsentError(f"{e.smtp_code} {_text(e.smtp_error)}", down=True) from e
            except smtplib.SMTPResponseException as e:
                raise UnsentError(f"{e.smtp_code} {_text(e.smtp_error)}") from e
            except smtplib.SMTPNotSupportedError as e:  # an address in Chinese, and a server that knows only ASCII
                raise UnsentError(told(e, self._at), hopeless=True) from e
            except (smtplib.SMTPException, OSError) as e:
                raise UnsentError(told(e, self._at), down=True) from e
        return self._at

    @property
    def _at(self) -> str:
        return f"{self.host}:{self.port}"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._greeted()
        except smtplib.SMTPAuthenticationError as e:
            raise UnsentError(told(e, self._at), down=True) from e
        except smtplib.SMTPResponseException as e:
            raise UnsentError(f"{e.smtp_code} {_text(e.smtp_error)}", down=True) from e
        except (smtplib.SMTPException, OSError) as e:
            raise UnsentError(told(e, self._at), down=True) from e
        try:
            yield server
            with suppress(smtplib.SMTPException, OSError):  # the letter is taken already
                server.quit()
        finally:
            server.close()

    def _greeted(self) -> smtplib.SMTP:
        # Named by the sender's domain: the default would ask the network for this machine's name, and may wait long for it.
        name, context = self.sender.domain, ssl.create_default_context(cafile=self.ca)
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)
        try:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def written(self, letter: Letter) -> EmailMessage:
        """写成邮件 · The letter as mail; UnsentError when its address cannot be one."""
        if not MAIL.fullmatch(letter.mail):
            raise UnsentError(f"不是邮件地址 · not an address: {letter.mail}", hopeless=True)
        message = EmailMessage(policy.SMTP)
        message["Message-ID"] = f"<heng.{letter.id}@{self.sender.domain}>"
        message["Date"] = format_datetime(in_china(letter.made))
        message["From"] = self.sender
        message["To"] = Address(" ".join(letter.name.split()), addr_spec=letter.mail)
        message["Subject"] = " ".join(letter.subject.split())
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body, charset="utf-8", cte="base64")
        return message


def _text(said: bytes | str) -> str:
    # Mail servers in China answer in either encoding.
    if isinstance(said, str):
        return said
    try:
        return said.decode("utf8")
    except UnicodeDecodeError:
        return said.decode("gb18030", "replace")
