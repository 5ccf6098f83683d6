"""Send a notice by e-mail: one generic sentence and a link, over an encrypted connection."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 20.0


class MailError(Exception):
    """The mail server could not be reached or did not take the message: try again later."""


class MailRefusedError(MailError):
    """The mail server will never take this message to this address."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, read from an address like smtp://user:password@host:587 or smtps://host."""

    host: str
    port: int
    user: str
    password: str
    is_encrypted_from_start: bool
    may_be_plain: bool
    """Only a server on this very machine is spoken to without encryption."""

    @classmethod
    def at(cls, url: str) -> "MailServer":
        parts = urlsplit(url)
        encrypted = parts.scheme == "smtps"
        host = parts.hostname or "localhost"
        return cls(
            host=host,
            port=parts.port or (465 if encrypted else 587),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_encrypted_from_start=encrypted,
            may_be_plain=host in ("localhost", "127.0.0.1", "::1"),
        )

    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises MailError when it may be tried again, MailRefusedError when not."""
        try:
            with self._connected() as link:
                if self.user:
                    link.login(self.user, self.password)
                link.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise MailRefusedError("the mail server refused the address") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(f"the mail server did not take the message: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_encrypted_from_start:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        link = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            link.ehlo()
            if link.has_extn("starttls") or not self.may_be_plain:
                link.starttls(context=context)
        except BaseException:
            link.close()
            raise
        return link


def letter(*, sender: str, to: str, sentence: str, address: str) -> EmailMessage:
    """Write the e-mail: the notice's sentence, which names nobody, and where to read on."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = "Schoolgate: something needs you"
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{sentence}\n\n{address}\n\nYou may have to sign in first. Nobody reads replies to this e-mail.\n"
    )
    return message
