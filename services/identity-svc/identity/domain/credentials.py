"""What proves who somebody is: tracking codes, one-time passwords, taken logins, and the keys they are kept under.

Nothing here is stored in clear: a tracking code is derived anew, of the rest only keyed digests are kept.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ekis_contracts.codes import plain, spell

from identity.domain.accounts import Account

CODE_BYTES = 10  # 80 bits, 16 letters


def digest(secret: bytes, purpose: str, *parts: object) -> bytes:
    """HMAC-SHA256 under a key of this purpose alone."""
    key = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    return hmac.digest(key, "\0".join(map(str, parts)).encode(), hashlib.sha256)


def tracking_code(secret: bytes, subject_id: UUID) -> str:
    """The code that opens the page of a request or of a support ticket."""
    return spell(digest(secret, "tracking-code", subject_id)[:CODE_BYTES])


def is_tracking_code(secret: bytes, subject_id: UUID, code: str) -> bool:
    """Whether this is the code of that page; takes as long when it is not."""
    return hmac.compare_digest(plain(tracking_code(secret, subject_id)).encode(), plain(code).encode())


def one_time_digest(secret: bytes, account_id: UUID, credential_no: int, password: str) -> bytes:
    """What is kept of a one-time password."""
    return digest(secret, "one-time-password", account_id, credential_no, plain(password))


def operator_password(secret: bytes, account_id: UUID, credential_no: int) -> str:
    """The one-time password of an operator, for the admin to hand over: derived, so that it is stored nowhere."""
    return spell(digest(secret, "operator-password", account_id, credential_no)[:CODE_BYTES])


def login_digest(secret: bytes, login: str) -> bytes:
    """What is kept of a login for ever, so that it is never given again."""
    return digest(secret, "taken-login", login)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a sign-in has to show: nothing more (`given`), or that the password fits `password_hash`.

    Without either it fails, at the price of one hash all the same.
    """

    given: bool = False
    password_hash: str | None = None


def proof_wanted(account: Account | None, password: str, secret: bytes, now: datetime) -> Proof:
    """An active account wants its password; an issued or a restored one its newest one-time password in its days."""
    if account is None or account.state not in ("issued", "active"):
        return Proof()
    if not account.needs_password:
        return Proof(password_hash=account.password_hash)
    if account.one_time is None or not account.one_time_until:
        return Proof()
    shown = one_time_digest(secret, account.id, account.credential_no, password)
    return Proof(given=hmac.compare_digest(shown, account.one_time) and now < account.one_time_until)
