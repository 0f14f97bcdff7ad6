"""Reports of delivery as mail servers write them (RFC 3464), and the Maildir they are put into."""

from itertools import count
from pathlib import Path

_numbers = count()


def report(
    to: str, status: str = "5.1.1", action: str = "failed", returned: str = "Subject: x\r\n\r\n", blocks: int = 1
) -> bytes:
    """To the return path of the mail that it is about."""
    fate = f"Final-Recipient: rfc822; anna@mail.ru\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
    return (
        f"From: MAILER-DAEMON@mx.mail.ru\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\r\n\r\n'
        "--=_b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        f"--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mail.ru\r\n\r\n{fate * blocks}"
        f"--=_b\r\nContent-Type: message/rfc822\r\n\r\n{returned}\r\n--=_b--\r\n"
    ).encode()


def made_maildir(folder: Path) -> Path:
    """Empty."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def deliver(folder: Path, raw: bytes) -> str:
    """As a mail server would."""
    name = f"{next(_numbers):04}.mx"
    (folder / "tmp" / name).write_bytes(raw)
    (folder / "tmp" / name).rename(folder / "new" / name)
    return name
