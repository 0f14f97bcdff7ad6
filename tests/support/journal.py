"""The journal check: what people were answered, against the databases, Kafka and the mail boxes, after a fault."""

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from time import monotonic
from typing import Any

import asyncpg
import httpx
from chassis.revocation import revoking_topics
from chassis.settings import SERVICES
from ekis_contracts import catalogue
from ekis_doctor.speakers import SPEAKERS
from ekis_local.process import http_ready
from live import Live
from promises import Promise, promise_of
from story import PASSWORD, Person, Story, Ticket
from topics import Ends, Lags, Seen, Witness
from waiting import until

QUIET_WITHIN = 30.0  # seconds from the last fault until nothing waits any more (I6)
TOPICS = {event.topic for event in catalogue().values()}
STATES = {event.topic for event in catalogue().values() if event.compacted}  # they repeat a version that was said

PAGES = {"notice-addressed"}  # an event is a page of the people of a notice, and no row


async def nothing_else() -> bool:
    """No more than the journal itself waits for."""
    return True


class Journal:
    """Everything that was accepted since its beginning."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.promises: list[Promise] = []
        self.served: dict[str, tuple[Person, Ticket]] = {}
        self._lags = Lags(live.kafka)

    @property
    def story(self) -> Story:
        """The story, with every accepted write noted."""
        return Story(self.call, self.live.mailbox, self.live.operator, self.live.settle)

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Through the gateway; what is answered 2xx is a promise."""
        answer = await self.live.call(method, path, **options)
        if promise := promise_of(method, path.partition("?")[0], answer):
            self.promises.append(promise)
        return answer

    def witness(self, group: str = "none") -> Witness:
        return Witness(self.live.kafka, group)

    async def rows(self, service: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.live.stack.databases[service])
        try:
            return list(await connection.fetch(sql, *args))
        finally:
            await connection.close()

    async def recover(self, since: float, also: Callable[[], Awaitable[bool]] = nothing_else) -> None:
        """I6: half a minute after the last fault every service is ready and every request served, nothing waits."""
        ill: list[str] = []

        async def well() -> bool:
            ill[:] = [*await self._unready(), *await self._unserved(), *await self._waiting()]
            return not ill and await also()

        try:
            await until(well, "all is well again", QUIET_WITHIN - monotonic() + since, every=0.1)
        except AssertionError as late:
            raise AssertionError(f"{late}: {ill}") from None
        letters = {name: await self.rows(name, "SELECT topic, reason FROM dead_letter") for name in SERVICES}
        assert not any(letters.values()), letters

    async def _unready(self) -> list[str]:
        stack = self.live.stack
        return [name for name in stack.services if not await http_ready(f"{stack.service_url(name)}/ready")()]

    async def _unserved(self) -> list[str]:
        sql = "SELECT number, state FROM account_request WHERE number = ANY($1) AND state <> 'issued'"
        return [f"{number} is {state}" for number, state in await self.rows("identity", sql, list(self.served))]

    async def _waiting(self) -> list[str]:
        unsent = [(name, (await self.rows(name, "SELECT count(*) FROM outbox"))[0][0]) for name in SERVICES]
        mails = (await self.rows("notify", "SELECT count(*) FROM mail WHERE due_at IS NOT NULL"))[0][0]
        behind = await self._lags.waiting(groups())
        return [f"{what}: {number} wait" for what, number in [*unsent, ("mail", mails), *behind] if number]

    async def check(self) -> None:
        """I1 to I5 and I8 over the whole life of the stack."""
        witness = self.witness()
        ends = await witness.ends(*TOPICS)
        seen = await witness.between(dict.fromkeys(ends, 0), ends)
        await self.check_promises(seen)
        for name in SERVICES:
            await self.check_published(name, seen)
        check_versions(seen)
        await self.check_settled(seen, ends)
        await self.check_revoked(seen, ends)
        await self.check_effects()

    async def check_promises(self, seen: Sequence[Seen]) -> None:
        """I1: what was answered 2xx is in its database, and its event is on Kafka."""
        told = {(one.topic, one.key) for one in seen}
        for promise in self.promises:
            found = await self.rows(promise.service, promise.sql, *promise.args)
            assert len(found) == 1, f"answered 2xx and not in the database: {promise}"
            assert (promise.topic, str(found[0][0])) in told, f"in the database and not on Kafka: {promise}"

    async def check_published(self, name: str, seen: Sequence[Seen]) -> None:
        """I1 and I2 for every row that publishes: all its versions are on Kafka, and nothing is there without it."""
        told: defaultdict[str, int] = defaultdict(int)
        for one in seen:
            if one.source == f"/{name}-svc" and one.topic not in PAGES:
                told[one.key] = max(told[one.key], one.version)
        kept: dict[str, int] = {}
        for table, key, said, _ in SPEAKERS[name]:
            rows = await self.rows(name, f"SELECT {key}::text AS key, {said} AS said FROM {table} WHERE {said} > 0")
            kept |= {row["key"]: row["said"] for row in rows}
        ghosts = {key: version for key, version in told.items() if version > kept.get(key, 0)}
        unsaid = {key: version for key, version in kept.items() if version > told.get(key, 0)}
        assert not ghosts, f"{name}: on Kafka without a committed row: {ghosts}"
        assert not unsaid, f"{name}: committed and not on Kafka: {unsaid}"

    async def check_revoked(self, seen: Sequence[Seen], ends: Ends) -> None:
        """I8 for the cut-off: below a committed offset no epoch is missing."""
        revoking = revoking_topics()
        for name in SERVICES:
            done = await self.witness(f"{name}-svc.revocation").committed(
                {at: end for at, end in ends.items() if at[0] in revoking}
            )
            rows = await self.rows(name, "SELECT account_id::text AS id, least_epoch FROM revocation")
            least = {row["id"]: row["least_epoch"] for row in rows}
            for one in seen:
                if one.position < done.get((one.topic, one.partition), 0):
                    epoch = json.loads(one.value)["session_epoch"]
                    assert least.get(one.key, 0) >= epoch, f"{name} has passed {one} without refusing its tokens"

    async def check_settled(self, seen: Sequence[Seen], ends: Ends) -> None:
        """I8: nothing below a committed offset is missing from the inbox."""
        for name in SERVICES:
            reactions = import_module(f"{name}.__main__").service.reactions
            done = await self.witness(f"{name}-svc").committed(
                {at: end for at, end in ends.items() if at[0] in reactions.topics}
            )
            inbox = {str(row["event_id"]) for row in await self.rows(name, "SELECT event_id FROM inbox")}
            passed = {one.event_id for one in seen if one.position < done.get((one.topic, one.partition), 0)}
            assert passed <= inbox, f"{name} has passed events it never settled"

    async def check_effects(self) -> None:
        """I4: the cabinet holds what identity says. I5: one account a request, one mail with credentials."""
        accounts = await self.rows("identity", "SELECT id, staff_id, state FROM account WHERE staff_id IS NOT NULL")
        cabinets = {row["account_id"]: row["staff_id"] for row in await self.rows("cabinet", "SELECT * FROM account")}
        live = {row["id"]: row["staff_id"] for row in accounts if row["state"] in ("issued", "active")}
        assert live.items() <= cabinets.items()
        assert set(Counter(live.values()).values()) <= {1}
        for number, (person, _) in self.served.items():
            mails = [one for one in await self.live.mailbox(person.email) if PASSWORD.search(one["text"])]
            assert mails, "no credentials were mailed"
            assert len({one["message_id"] for one in mails}) == 1, "two different mails with credentials"
            assert len(mails) - 1 <= await self.unknown(number), "a mail came twice that notify sent once"

    async def unknown(self, number: str) -> int:
        """How often the credentials of a request may have come without notify knowing."""
        (account,) = await self.rows("identity", "SELECT account_id FROM account_request WHERE number = $1", number)
        sql = "SELECT sum(lost) FROM mail WHERE account_id = $1 AND purpose = 'account-created'"
        return int((await self.rows("notify", sql, account[0]))[0][0])


def groups() -> dict[str, list[str]]:
    """Every consumer group with its topics."""
    domain = {f"{name}-svc": import_module(f"{name}.__main__").service.reactions.topics for name in SERVICES}
    return domain | {f"{group}.revocation": revoking_topics() for group in domain}


def check_versions(seen: Sequence[Seen]) -> None:
    """I3: per (source, key) first occurrences ascend in each topic; over all topics no version is missing or twice."""
    known: set[str] = set()
    last: dict[tuple[str, str, str], int] = {}
    versions: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one in seen:
        if one.event_id in known:
            continue
        known.add(one.event_id)
        assert one.version > last.get((one.source, one.topic, one.key), 0), one
        last[one.source, one.topic, one.key] = one.version
        if one.topic not in STATES:
            versions[one.source, one.key].append(one.version)
    gaps = {subject: found for subject, found in versions.items() if sorted(found) != list(range(1, len(found) + 1))}
    assert not gaps, gaps
