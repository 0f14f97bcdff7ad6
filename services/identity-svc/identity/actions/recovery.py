"""After the database came back from a backup: accounts and requests as identity itself has told of them since."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts import Event
from ekis_contracts.identity import AccountCreated, AccountRequestClosed, AccountRequested, SupportTicketOpened
from ekis_contracts.values import AccountFacts, PersonName

from identity.actions.accounts import end_account, reissue_credentials, suspend_account
from identity.actions.requests import settle
from identity.actions.roll import name_on_roll
from identity.domain import recovery as domain
from identity.domain.accounts import LIVE, Account
from identity.domain.audit import Entry
from identity.domain.credentials import login_digest
from identity.domain.erasures import begin
from identity.domain.logins import logins_for
from identity.domain.recovery import RESTORED
from identity.domain.request import ENDS, Request
from identity.domain.requests import lose
from identity.store import accounts as store
from identity.store import audit, roll
from identity.store import erasures as erasure_store
from identity.store import requests as request_store
from identity.store import sessions as session_store
from identity.store import tickets as ticket_store

Missed = Mapping[UUID, Sequence[tuple[int, Event]]]  # what was said since the backup, with its versions in their order
_SAME_NAME = 10_000  # logins of one stem that are tried against a digest


async def recover(tx: Tx, known: Mapping[UUID, int], missed: Missed) -> Mapping[str, int]:
    """Everybody signs in anew, those first whose account has changed. Versions of known rows are raised already."""
    told = {key: [event for _, event in events] for key, events in missed.items()}
    done = Counter({"sessions ended": await session_store.end_all(tx)})
    await _take_numbers(tx, told)
    for account_id, events in told.items():
        if facts := domain.facts_of(events):
            version = missed[account_id][-1][0]
            it = _bring_forward(tx, facts, events) if account_id in known else _bring_back(tx, facts, told, version)
            done[await it] += 1
    for request_id, events in told.items():
        if (asked := domain.asking_of(events)) or domain.closing_of(events):
            done[await _catch_up(tx, request_id, asked, events, missed[request_id][-1][0])] += 1
    return done


async def _take_numbers(tx: Tx, told: Mapping[UUID, Sequence[Event]]) -> None:
    """Numbers and logins that were given since are never given again."""
    events = [event for events in told.values() for event in events]
    requests = [_serial(one.number) for one in events if isinstance(one, AccountRequested)]
    await request_store.skip_numbers(tx, max(requests, default=1))
    tickets = [_serial(one.number) for one in events if isinstance(one, SupportTicketOpened)]
    await ticket_store.skip_numbers(tx, max(tickets, default=1))
    for one in events:
        if isinstance(one, AccountCreated) and one.login_digest:
            await store.take_login(tx, bytes.fromhex(one.login_digest))


def _serial(number: str) -> int:
    return int(number.rpartition("-")[2])


async def _bring_forward(tx: Tx, facts: AccountFacts, events: Sequence[Event]) -> str:
    """An account of the backup."""
    before = await store.account_for_update(tx, facts.account_id)
    assert before
    account = domain.brought_forward(before, events)
    await store.save_account(tx, account, raised=0)
    if facts.state not in LIVE:
        if before.state not in LIVE:
            return "accounts that end as before"  # their receipts are told again
        await _end(tx, account, domain.lost(facts, events).channel or RESTORED)
        return "accounts ended again"
    if domain.has_other_address(events) and account.state != "suspended":
        await suspend_account(tx, account, RESTORED)
        await audit.add_entry(tx, Entry("suspend", None, account.id, details={"channel": RESTORED}))
        return "accounts suspended: the address on file is an old one"
    return "accounts brought forward"


async def _end(tx: Tx, account: Account, channel: str) -> None:
    await end_account(tx, account, channel)
    await audit.add_entry(tx, Entry("disable", None, account.id, details={"channel": channel}))


async def _bring_back(tx: Tx, facts: AccountFacts, told: Mapping[UUID, Sequence[Event]], version: int) -> str:
    """An account that is newer than the backup: its request tells who it is for, if that is older."""
    events = told[facts.account_id]
    created = next((one for one in events if isinstance(one, AccountCreated)), None)
    request = await request_store.request_for_update(tx, created.request_id) if created else None
    if created and request and facts.state in LIVE and _knows_whom(request, told):
        await _open_again(tx, created, request, events, version)
        return "accounts opened again"
    account = domain.lost(facts, events)
    await store.insert_account(tx, account, raised=version)
    if facts.state in LIVE:
        await _end(tx, account, RESTORED)
    elif facts.state == "disabled":
        await erasure_store.save_erasure(tx, begin(account.id, {}, tx.now))
    return "accounts lost, and ended"


def _knows_whom(request: Request, told: Mapping[UUID, Sequence[Event]]) -> bool:
    """Whether the applicant and the address are those that the account was opened for."""
    asked = domain.asking_of(told.get(request.id, ()))
    same = asked is None or asked.request_version == request.request_version
    return request.applicant is not None and request.state not in ENDS and same


async def _open_again(tx: Tx, created: AccountCreated, request: Request, events: Sequence[Event], version: int) -> None:
    """Under the same id and login; a one-time password that was not used is replaced by another."""
    assert request.applicant
    await roll.ensure_staff(tx, created.staff_id)
    on_roll = name_on_roll(tx, await roll.staff_for_update(tx, created.staff_id))
    name = on_roll or PersonName(**{part: getattr(request.applicant, part) for part in PersonName.model_fields})
    await roll.need_name(tx, created.staff_id)
    blank = replace(
        domain.lost(created, ()),
        login=_login(tx, name, created),
        name=name,
        email=request.applicant.email,
        lang=request.lang,
        request_id=request.id,
    )
    account = domain.brought_forward(blank, events)
    await store.insert_account(tx, account, raised=version)
    issued = replace(request, state="issued", shown="issued", account_id=account.id)
    await request_store.save_request(tx, issued, raised=0)
    if account.state == "issued":
        await reissue_credentials(tx, account.id, None)


def _login(tx: Tx, name: PersonName, created: AccountCreated) -> str | None:
    """The login whose digest was told with the account."""
    tried = islice(logins_for(name), _SAME_NAME)
    return next((one for one in tried if login_digest(tx.secret, one).hex() == created.login_digest), None)


async def _catch_up(
    tx: Tx, request_id: UUID, asked: AccountRequested | None, events: Sequence[Event], version: int
) -> str:
    """A request: ended as it has ended, or over if it is newer than the backup or its address is."""
    request = await request_store.request_for_update(tx, request_id)
    closed = domain.closing_of(events)
    if request is None:
        if asked:
            await request_store.insert_request(tx, domain.lost_request(asked, closed, tx.now), raised=version)
            if not closed:
                await _tell_lost(tx, request_id)
        return "requests lost, and closed"
    if closed:
        over = replace(request, state=closed.outcome, shown=closed.outcome, applicant=None, ask_at=None)
        await request_store.save_request(tx, over, raised=0)
        await request_store.release_claims(tx, request_id)
        return "requests closed again"
    if asked and asked.request_version > request.request_version:
        await settle(tx, lose(request, tx.now))
        return "requests closed: their address is an old one"
    return "requests brought forward"


async def _tell_lost(tx: Tx, request_id: UUID) -> None:
    version = await request_store.raise_version(tx, request_id)
    publish(tx, AccountRequestClosed(request_id=request_id, outcome="expired", reason=RESTORED, contact=None), version)
