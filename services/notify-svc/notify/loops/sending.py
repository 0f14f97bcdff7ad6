"""Sending: mails that are due go out over a few connections, and what became of them is recorded in batches."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from chassis.db import Database
from chassis.http import Runtime
from chassis.loops import Loop
from chassis.telemetry import failure
from chassis.tracing import SpanKind, fail, spanning
from ekis_contracts import ForNotify, SealError
from ekis_contracts.values import Contact
from prometheus_client import Counter

from notify.actions import bounces
from notify.actions import sending as actions
from notify.domain.addresses import tagged_return_path
from notify.domain.mails import Letter, Mail, Outcome, Unsendable, require_sendable, require_wanted
from notify.domain.priorities import BULK
from notify.domain.purposes import PURPOSES
from notify.gateways.letters import Sender, Stationery
from notify.gateways.smtp import Mailer, Server, SmtpMailer
from notify.settings import Settings
from notify.store.mails import LEASE, mark_accepted

log = structlog.get_logger()

HANDFUL = 100  # mails under lease here at a time, and as many of bulk
GATHER = 0.002  # seconds: how long an answer waits for those of the other connections, to be marked with them
TICK = 0.1  # seconds: how long a round waits for those on their way
FAREWELL_TIME = 10.0  # seconds for mails on their way when the service stops

OWN = re.compile("[a-z-]+")
REPLY = re.compile(r"[45]\d\d(?!\d)")  # what a server may answer beside 250: a bounded number of labels

POSSIBLE_DUPLICATES = Counter("ekis_mail_possible_duplicates_total", "Mails sent again, the first answer unknown")
MAILS = Counter("ekis_mails_total", "Attempts at sending", ["outcome", "reply"])
SUPPRESSED = Counter("ekis_mails_suppressed_total", "Mails not sent: a bounce has shown that nobody reads there")


class PostOffice:
    """The mails in this process' hands. An outcome stays until the database has it."""

    def __init__(self, database: Database, stationery: Stationery, mailer: Mailer, settings: Settings) -> None:
        self._database = database
        self._stationery = stationery
        self.mailer = mailer
        self._patience = settings.smtp_timeout
        self._bounce_address = settings.bounce_address
        self._connections = asyncio.Semaphore(mailer.connections)
        self._for_bulk = asyncio.Semaphore(mailer.connections - 1)  # one is always free for the others
        self._flying: dict[UUID, tuple[Mail, asyncio.Task[None]]] = {}
        self._outcomes: dict[UUID, tuple[Mail, Outcome]] = {}
        self._accepted: dict[UUID, asyncio.Future[None]] = {}
        self._marking: asyncio.Task[None] | None = None
        self.begun = self.closed = False

    @property
    def held(self) -> list[Mail]:
        """On their way, or back and not yet recorded."""
        return [mail for mail, _ in (*self._flying.values(), *self._outcomes.values())]

    def take(self, mails: Sequence[Mail]) -> None:
        """Send these as connections come free."""
        taken_at = asyncio.get_running_loop().time()
        for mail in mails:
            self._flying[mail.mail_id] = mail, asyncio.create_task(self._carry(mail, taken_at))

    async def settled(self, seconds: float) -> list[tuple[Mail, Outcome]]:
        """What has come back; waits for all on their way, this long at most."""
        if self._flying:
            await asyncio.wait([task for _, task in self._flying.values()], timeout=seconds)
        return list(self._outcomes.values())

    def release(self, recorded: Sequence[tuple[Mail, Outcome]]) -> None:
        """The database has these."""
        for mail, _ in recorded:
            del self._outcomes[mail.mail_id]

    async def _carry(self, mail: Mail, taken_at: float) -> None:
        async with self._for_bulk if mail.priority == BULK else nullcontext(), self._connections:
            if self._may_begin(taken_at):  # who may not needs no turn of the provider's
                await self.mailer.turn()
            outcome = await self._follow(mail) if self._may_begin(taken_at) else Outcome("returned")
            if outcome.kind == "accepted":
                await self._mark(mail)
        MAILS.labels(outcome.kind, _reply(outcome)).inc()
        self._outcomes[mail.mail_id] = mail, outcome
        del self._flying[mail.mail_id]

    def _may_begin(self, taken_at: float) -> bool:
        """Whether an attempt would end within the lease, and nobody wants to go home."""
        held_for = asyncio.get_running_loop().time() - taken_at
        return not self.closed and held_for + self._patience < LEASE

    async def _mark(self, mail: Mail) -> None:
        """Before this connection takes its next mail: so a death repeats one mail a connection at most."""
        marked = self._accepted[mail.mail_id] = asyncio.get_running_loop().create_future()
        if self._marking is None or self._marking.done():
            self._marking = asyncio.create_task(self._mark_all())
        await marked

    async def _mark_all(self) -> None:
        while self._accepted:
            await asyncio.sleep(GATHER)
            together, self._accepted = self._accepted, {}
            try:
                await mark_accepted(self._database.pool, list(together))
            except Exception as error:  # noqa: BLE001 - the mails are out; only a death could repeat them now
                log.warning("mark-failed", error=failure(error))
            for marked in together.values():
                marked.set_result(None)

    async def _follow(self, mail: Mail) -> Outcome:
        """An attempt in the trace of what has caused the mail."""
        said = {"ekis.mail.purpose": mail.purpose, "ekis.mail.attempt": mail.attempts + 1}
        said["ekis.mail.waited"] = (self._database.clock() - mail.queued_at).total_seconds()
        with spanning(SpanKind.CLIENT, "send mail", mail.traceparent, said) as span:
            outcome = await self._attempt(mail)
            if outcome.kind != "accepted":
                fail(span, _reason(outcome))
        return outcome

    async def _attempt(self, mail: Mail) -> Outcome:
        if mail.accepted:
            return Outcome("accepted")
        try:
            letter = self.write(mail)
            if mail.lost:
                POSSIBLE_DUPLICATES.inc()
            return await self.mailer.send(letter)
        except Unsendable as error:
            SUPPRESSED.inc(error.code == "suppressed")
            return Outcome("refused", error.code)
        except Exception as error:  # noqa: BLE001 - one bad mail must not hold up the others
            log.warning("mail-failed", purpose=mail.purpose, error=failure(error))
            return Outcome("deferred", "internal-error")

    def write(self, mail: Mail) -> Letter:
        """The only place where a name, a code or a password is read. The address is read when a mail is queued too, for
        its mask and its hash."""
        now = self._database.clock()
        require_wanted(mail, now)
        contact = self._open(Contact, mail.contact, mail.contact_event, mail.subject)
        kind = PURPOSES[mail.purpose]
        secret = self._open(kind, mail.secret, mail.event_id, mail.subject) if kind else None
        require_sendable(contact, secret, now)
        letter = self._stationery.letter(mail, contact, secret, now)
        return replace(letter, return_path=self._return_path(mail))

    def _return_path(self, mail: Mail) -> str | None:
        """Bounces of each sending go to an address of its own."""
        if self._bounce_address is None:
            return None
        return tagged_return_path(self._bounce_address, mail.mail_id, bounces.bounce_tag(self._database.secret, mail))

    def _open(self, model: type[Any], token: str | None, event_id: UUID | None, subject: str) -> Any:
        if token is None or event_id is None:
            raise Unsendable("seal-missing")
        try:
            return self._database.seals.open(ForNotify.stored(model, token, event_id, subject))
        except SealError:
            raise Unsendable("seal-broken") from None


def stationery_of(runtime: Runtime) -> Stationery:
    """What this service writes on."""
    settings: Settings = runtime.settings
    sender = (settings.smtp_from, settings.public_url, settings.desk_phones)
    return Stationery(Sender(*sender, runtime.database.secret))


@asynccontextmanager
async def post_office(runtime: Runtime) -> AsyncIterator[PostOffice]:
    """The office of a running service. When it closes, mails on their way come back and are recorded."""
    settings: Settings = runtime.settings
    host, _, port = settings.smtp.rpartition(":")
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    who = (settings.smtp_from, settings.smtp_tls, settings.smtp_user, password)
    bears = (settings.smtp_timeout, settings.smtp_connections, settings.smtp_rate)
    mailer = SmtpMailer(Server(host, int(port), *who, *bears))
    office = PostOffice(runtime.database, stationery_of(runtime), mailer, settings)
    try:
        yield office
    finally:
        office.closed = True
        await _record(runtime, office, FAREWELL_TIME)
        await mailer.close()


async def send_due(runtime: Runtime) -> bool:
    """One round: take what is due, give it to the connections, record what has come back."""
    office: PostOffice = runtime.own.office
    held, replica = office.held, runtime.settings.instance
    async with runtime.database.transaction() as tx:
        if not office.begun:
            await actions.take_over(tx, replica)
        mails = await actions.claim_mails(tx, held, HANDFUL, replica)
    office.begun = True
    office.take(mails)
    await _record(runtime, office, TICK)
    return bool(mails or office.held)


async def _record(runtime: Runtime, office: PostOffice, seconds: float) -> None:
    outcomes = await office.settled(seconds)
    if outcomes:
        async with runtime.database.transaction() as tx:
            await actions.record_outcomes(tx, outcomes, runtime.settings.instance)
        office.release(outcomes)


def _reason(outcome: Outcome) -> str:
    """A reply's number or a code of ours; never what a server or the system has said in words."""
    reply, code = _reply(outcome), outcome.code or ""
    return reply if reply != "none" else code if OWN.fullmatch(code) else outcome.kind


def _reply(outcome: Outcome) -> str:
    if outcome.kind == "accepted":
        return "250"
    found = REPLY.match(outcome.code or "")
    return found[0] if found else "none"


LOOPS = (Loop("send", send_due, every=1.0, signal="mail"),)
