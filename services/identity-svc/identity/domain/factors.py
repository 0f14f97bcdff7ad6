"""The second factor: codes that change with time (RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes.

A code works once (ASVS 6.5.1), also within the step of skew on either side that clocks are allowed. After five wrong
ones in a row each costs a wait that doubles up to an hour, so that nobody tries a hundred (NIST SP 800-63B-4 3.2.2).
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from chassis.errors import Busy, Conflict, Forbidden, Invalid, Unauthorized, WrongStep
from ekis_contracts.codes import plain, spell
from joserfc import jwe
from joserfc.jwk import OctKey

from identity.domain.accounts import Account
from identity.domain.credentials import digest

ISSUER = "ЕКИС"
STEP = 30  # seconds
SKEW = 1  # steps
RECOVERY_CODES = 10
RECOVERY_BYTES = 15  # from 112 bits on a keyed digest is enough to keep (ASVS 6.5.2)
FREE_FAILURES = 5
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds
FRESH = timedelta(minutes=5)  # how long a proof covers acts that ask for one
CHANGED = "second-factor-changed"

_SEALING = {"alg": "dir", "enc": "A256GCM"}


class TooManyCodes(Busy, status=429):
    """Too many wrong codes in a row."""


class ProofRequired(Unauthorized, status=401, code="proof-required"):
    """The act wants a proof that is younger (RFC 9470)."""

    def __init__(self) -> None:
        super().__init__()
        challenge = f'Bearer error="insufficient_user_authentication", max_age="{int(FRESH.total_seconds())}"'
        self.headers = {"WWW-Authenticate": challenge}


@dataclass(frozen=True, slots=True)
class Factor:
    """What is kept of an account's second factor: the live one, and one that waits for its first code."""

    account_id: UUID
    secret: str | None = None
    recovery: Sequence[bytes] = ()
    pending: str | None = None
    pending_recovery: Sequence[bytes] = ()
    last_step: int = 0
    failures: int = 0
    barred_until: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether signing in asks for it."""
        return self.secret is not None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown once: the secret in base 32, the same as a URI for a QR code, and the recovery codes."""

    secret: str
    uri: str
    recovery_codes: Sequence[str]


def require_enrolling(account: Account, scope: str) -> None:
    """An active account; in a session for first steps, an operator who has none left but this one."""
    if account.state != "active":
        raise WrongStep(account.state, "enrol")
    if scope != "full" and not (account.roles and account.one_time is None):
        raise Forbidden("activation-only")


def enrol(factor: Factor, account: Account, key: bytes) -> tuple[Factor, Enrolment]:
    """A new secret that waits for its first code; one that waited before is gone, the live one goes on."""
    secret = pyotp.random_base32()
    codes = new_codes()
    kept = replace(
        factor, pending=_seal(key, factor.account_id, secret), pending_recovery=_digests(key, factor.account_id, codes)
    )
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.login or "", issuer_name=ISSUER)
    return kept, Enrolment(secret, uri, codes)


def confirm(factor: Factor, key: bytes, code: str, now: datetime) -> Factor:
    """The pending one takes the live one's place, once a code shows that it is in the person's hands."""
    if factor.pending is None:
        raise Conflict("no-pending-factor")
    step = _step_of(_open(key, factor.account_id, factor.pending), code, now)
    if step is None:
        raise Invalid("wrong-code", "/code")
    return Factor(factor.account_id, factor.pending, factor.pending_recovery, last_step=step)


def recode(factor: Factor, key: bytes) -> tuple[Factor, Sequence[str]]:
    """New recovery codes; the old ones are dead."""
    require_on(factor)
    codes = new_codes()
    return replace(factor, recovery=_digests(key, factor.account_id, codes)), codes


def require_on(factor: Factor) -> None:
    """Raises Conflict without a live one."""
    if not factor.is_on:
        raise Conflict("no-second-factor")


def bar(factor: Factor, now: datetime) -> TooManyCodes | None:
    """The refusal while it is too early for another try."""
    if factor.barred_until is None or factor.barred_until <= now:
        return None
    return TooManyCodes("too-many-codes", int((factor.barred_until - now).total_seconds()) + 1)


def use(factor: Factor, key: bytes, code: str, now: datetime) -> Factor | None:
    """The factor after this code, which will not work again; None if it does not fit."""
    assert factor.secret
    step = _step_of(_open(key, factor.account_id, factor.secret), code, now)
    if step is not None and step > factor.last_step:
        return replace(factor, last_step=step, failures=0, barred_until=None)
    shown = recovery_digest(key, factor.account_id, code)
    left = [one for one in factor.recovery if not hmac.compare_digest(one, shown)]
    if len(left) == len(factor.recovery):
        return None
    return replace(factor, recovery=left, failures=0, barred_until=None)


def fail(factor: Factor, now: datetime) -> Factor:
    """One more wrong code."""
    failures = factor.failures + 1
    if failures < FREE_FAILURES:
        return replace(factor, failures=failures)
    wait = min(FIRST_WAIT * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_WAIT)
    return replace(factor, failures=failures, barred_until=now + timedelta(seconds=wait))


def require_fresh(proven_at: datetime | None, now: datetime) -> None:
    """Raises ProofRequired for a session whose last proof is older than 5 minutes."""
    if proven_at is None or proven_at <= now - FRESH:
        raise ProofRequired


def new_codes() -> list[str]:
    """Recovery codes as they are shown."""
    return [spell(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_digest(key: bytes, account_id: UUID, code: str) -> bytes:
    """What is kept of a recovery code."""
    return digest(key, "recovery-code", account_id, plain(code))


def _digests(key: bytes, account_id: UUID, codes: Sequence[str]) -> list[bytes]:
    return [recovery_digest(key, account_id, code) for code in codes]


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The newest step, of those that clocks may be off, whose code this is."""
    present = int(now.timestamp()) // STEP
    shown, totp = "".join(code.split()).encode(), pyotp.HOTP(secret)
    steps = range(present - SKEW, present + SKEW + 1)
    return max((step for step in steps if hmac.compare_digest(totp.at(step).encode(), shown)), default=None)


def _key(key: bytes, account_id: UUID) -> OctKey:
    """Of each account apart: a secret moved to another row opens nothing."""
    return OctKey.import_key(digest(key, "second-factor", account_id))


def _seal(key: bytes, account_id: UUID, secret: str) -> str:
    return jwe.encrypt_compact(_SEALING, secret, _key(key, account_id), algorithms=list(_SEALING.values()))


def _open(key: bytes, account_id: UUID, sealed: str) -> str:
    opened = jwe.decrypt_compact(sealed, _key(key, account_id), algorithms=list(_SEALING.values()))
    assert opened.plaintext
    return opened.plaintext.decode()
