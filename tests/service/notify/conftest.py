"""notify-svc on a database of its own with a real mail catcher, and invented events to tell it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.db import new_id, utc_now
from chassis.testing.opened import Opened
from ekis_contracts import Envelope, Event, ForCabinet, ForNotify, ForRegistry
from ekis_contracts.cabinet import NoticeAddressed
from ekis_contracts.identity import (
    AccessRestored,
    AccountActivated,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountRequested,
    AccountResumed,
    AccountSuspended,
    SessionsRevoked,
)
from ekis_contracts.registry import AccountRequestReferred
from ekis_contracts.values import Applicant, Contact, Credentials, PersonName, SchoolClaim, Tracking
from ekis_local.devmail import Devmail, Fault
from notify.__main__ import service
from receiver import Receiver

OpenNotify = Callable[..., AbstractAsyncContextManager[Opened]]
PASSWORD = "k7mq-29xw-4hdp"


@pytest.fixture
async def mail() -> AsyncIterator[Devmail]:
    """A mail server that does as told."""
    async with Devmail() as catcher:
        yield catcher


@pytest.fixture
def open_notify(open_service: OpenNotify, mail: Devmail) -> OpenNotify:
    """Open it with other settings."""

    def open_one(**settings: Any) -> AbstractAsyncContextManager[Opened]:
        given = {
            "smtp": f"127.0.0.1:{mail.smtp_port}",
            "smtp_from": "ЕКИС <noreply@ekis.example>",
            "smtp_tls": "none",
            "smtp_timeout": 0.5,
        }
        return open_service(service, **(given | settings))

    return open_one


@pytest.fixture
async def notify(open_notify: OpenNotify) -> AsyncIterator[Opened]:
    """Opened."""
    async with open_notify() as it:
        yield it


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A city system that is told."""
    async with Receiver() as it:
        yield it


@pytest.fixture
async def telling(open_notify: OpenNotify) -> AsyncIterator[Opened]:
    """Opened, with receivers on this machine allowed and the clock stopped."""
    async with open_notify(webhook_networks=["127.0.0.0/8"]) as it:
        it.clock.stop()
        yield it


@dataclass
class Person:
    """An account holder to tell about."""

    account_id: UUID = field(default_factory=new_id)
    email: str = "anna@mail.ru"
    first_name: str = "Анна Петровна"

    def facts(self, state: str) -> dict[str, Any]:
        """The public block and the contact."""
        return {
            "account_id": self.account_id,
            "state": state,
            "staff_id": new_id(),
            "school_id": new_id(),
            "category": "employee",
            "post": "учитель",
            "session_epoch": 1,
            "contact": self.contact(),
        }

    def contact(self) -> ForNotify[Contact]:
        """Where to write."""
        return ForNotify(Contact(name=self.first_name, email=self.email))

    def referred(self) -> Event:
        """A mail without a secret, about no account."""
        given = {"request_id": new_id(), "request_version": 1, "school_id": new_id(), "to": "head", "until": None}
        return AccountRequestReferred.model_validate({**given, "reason": "not-on-roll", "contact": self.contact()})

    def requested(self, number: str = "R26-000042") -> Event:
        """Whoever has filled in the form."""
        return AccountRequested(
            request_id=new_id(),
            number=number,
            request_version=1,
            school=SchoolClaim(inn="7707083893"),
            category="employee",
            applicant=ForRegistry(Applicant(last_name="Петрова", first_name="Анна", email=self.email)),
            contact=self.contact(),
            tracking=ForNotify(Tracking(to=self.email, tracking_code="AB12-CD34")),
        )

    def name(self) -> ForCabinet[PersonName]:
        """As on the roll."""
        return ForCabinet(PersonName(last_name="Петрова", first_name="Анна"))

    def credentials(self, to: str | None = None, expires_at: datetime | None = None) -> ForNotify[Credentials]:
        """Login and one-time password."""
        expires_at = expires_at or utc_now() + timedelta(days=3)
        it = Credentials(to=to or self.email, login="petrova-an", one_time_password=PASSWORD, expires_at=expires_at)
        return ForNotify(it)

    def created(self, number: int = 1, **secret: Any) -> Event:
        """The account exists."""
        own = {"name": self.name(), "credentials": self.credentials(**secret)}
        return AccountCreated(**self.facts("issued"), request_id=new_id(), credential_no=number, **own)

    def restored(self, number: int) -> Event:
        """A new one-time password."""
        own = {"channel": "desk", "credential_no": number, "credentials": self.credentials()}
        return AccessRestored(**self.facts("active"), **own)

    def activated(self) -> Event:
        """The first sign-in is done."""
        return AccountActivated(**self.facts("active"), activated_at=utc_now(), name=self.name())

    def changed(self, *what: str) -> Event:
        """Another post, address..."""
        return AccountChanged(**self.facts("active"), changed=list(what), name=self.name())

    def suspended(self) -> Event:
        """For two weeks."""
        return AccountSuspended(**self.facts("suspended"), reason="left-roll", until=utc_now() + timedelta(days=14))

    def resumed(self) -> Event:
        """It was a mistake."""
        return AccountResumed(**self.facts("active"), reason="mistake")

    def disabled(self) -> Event:
        """For good."""
        return AccountDisabled(**self.facts("disabled"), channel="own", disabled_at=utc_now())

    def revoked(self, reason: str) -> Event:
        """Sessions end."""
        contact = self.contact()
        return SessionsRevoked(account_id=self.account_id, reason=reason, session_epoch=2, sids=[], contact=contact)


def addressed(kind: str, *to: Person | UUID, title: str = "Каникулы", **more: Any) -> NoticeAddressed:
    """The cabinet has something for these."""
    ids = [one.account_id if isinstance(one, Person) else one for one in to]
    about = {"notice_id": new_id(), "about": new_id(), "kind": kind, "title": title, "page": f"/{kind}/1"} | more
    return NoticeAddressed.model_validate({**about, "account_ids": ids})


@pytest.fixture
def anna() -> Person:
    """Anna Petrova."""
    return Person()


async def tell(it: Opened, event: Event, version: int = 1, **about: Any) -> Envelope:
    """Twice, and let what it causes be sent."""
    envelope = await it.tell(event, version, **about)
    await it.run_loops()
    return envelope


async def wait_and_send(it: Opened, **ahead: float) -> None:
    """Let time pass, then let what is due be sent."""
    it.clock.move(timedelta(**ahead))
    await it.run_loops()


def subjects(mail: Devmail) -> list[str]:
    """What has arrived, in order."""
    return [message.view["subject"] for message in mail.messages]


def fault(mail: Devmail, stage: str, action: str, reply: str = "451 4.7.1 later", **more: float) -> None:
    """Misbehave."""
    mail.faults.append(Fault.model_validate({"stage": stage, "action": action, "reply": reply, **more}))


async def rows(it: Opened, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of all mails, the oldest first."""
    found = await it.runtime.database.pool.fetch(f"SELECT {', '.join(columns)} FROM mail ORDER BY queued_at")
    return [tuple(row) for row in found]


async def states(it: Opened) -> dict[str, str]:
    """State of each mail by its purpose."""
    rows = await it.runtime.database.pool.fetch("SELECT purpose, state FROM mail")
    return {row["purpose"]: row["state"] for row in rows}
