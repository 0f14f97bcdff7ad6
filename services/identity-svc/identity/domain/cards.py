"""Why somebody cannot sign in: the same questions in the same order for everybody, each with what to do about it.

What a check says is a text `card-<check>-<case>` of the message catalogue. No secret and no address is among it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from identity.domain.accounts import LEFT_ROLL, SECOND_THOUGHTS, Account
from identity.domain.addresses import moscow
from identity.domain.factors import Factor
from identity.domain.request import ISSUED, Request

Verdict = Literal["ok", "blocked", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer. `by` is a channel, named in the caller's language as `by-<channel>`."""

    name: str
    verdict: Verdict
    case: str
    params: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """When somebody suspended or disabled the account, and the reason that was typed."""

    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """All that there is to know. `mail_failed`: of the newest credentials; `school` is the status of the school."""

    request: Request | None
    account: Account | None = None
    mail_failed: bool | None = None
    ground: Ground | None = None
    school: str | None = None
    signed_in_at: datetime | None = None
    delay: tuple[datetime, bool] | None = None  # until when, and whether everywhere
    factor: Factor | None = None


def checks(known: Known, now: datetime) -> Iterator[Check]:
    """From the request to the last sign-in."""
    if known.request:
        yield _request(known.request)
    if known.account is None:
        return
    yield _mail(known.mail_failed)
    yield _account(known.account, known.ground)
    yield _activation(known.account)
    if known.account.needs_password:
        yield _one_time(known.account, now)
    yield _delay(known.delay)
    yield _factor(known.factor, now)
    yield _school(known.school)
    yield _last(known.signed_in_at)


def _request(request: Request) -> Check:
    is_done = request.state in {*ISSUED, "activated"} - {"undeliverable"}
    return Check("request", "ok" if is_done else "blocked", request.state, {"number": request.number})


def _mail(failed: bool | None) -> Check:
    if failed is None:
        return Check("mail", "unknown", "unknown")
    return Check("mail", "blocked", "failed") if failed else Check("mail", "ok", "sent")


def _account(account: Account, ground: Ground | None) -> Check:
    if account.state in ("issued", "active"):
        return Check("account", "ok", "open")
    if account.reason == LEFT_ROLL and account.state == "suspended" and account.disable_at:
        left = {"since": moscow(account.disable_at - SECOND_THOUGHTS), "until": moscow(account.disable_at)}
        return Check("account", "blocked", LEFT_ROLL, left)
    since = account.disabled_at or (ground.at if ground else None)
    said = {"since": moscow(since) if since else "—", "why": (ground and ground.reason) or "—"}
    by = account.channel if account.disabled_at else account.reason
    return Check("account", "blocked", account.state, said, by)


def _activation(account: Account) -> Check:
    if account.activated_at:
        return Check("activation", "ok", "done", {"at": moscow(account.activated_at)})
    return Check("activation", "blocked", "waits")


def _one_time(account: Account, now: datetime) -> Check:
    if account.one_time is None or account.one_time_until is None:
        return Check("one-time-password", "blocked", "none")
    until = {"until": moscow(account.one_time_until)}
    if now >= account.one_time_until:
        return Check("one-time-password", "blocked", "expired", until)
    return Check("one-time-password", "ok", "valid", until)


def _delay(delay: tuple[datetime, bool] | None) -> Check:
    if delay is None:
        return Check("delay", "ok", "none")
    until, everywhere = delay
    return Check("delay", "blocked", "everywhere" if everywhere else "somewhere", {"until": moscow(until)})


def _factor(factor: Factor | None, now: datetime) -> Check:
    if factor is None or not factor.is_on:
        return Check("second-factor", "ok", "pending" if factor and factor.pending else "off")
    if factor.barred_until and factor.barred_until > now:
        return Check("second-factor", "blocked", "barred", {"until": moscow(factor.barred_until)})
    return Check("second-factor", "ok", "on")


def _school(status: str | None) -> Check:
    if status is None:
        return Check("school", "unknown", "unknown")
    return Check("school", "ok" if status == "active" else "blocked", status)


def _last(signed_in_at: datetime | None) -> Check:
    if signed_in_at is None:
        return Check("last-sign-in", "unknown", "never")
    return Check("last-sign-in", "ok", "at", {"at": moscow(signed_in_at)})
