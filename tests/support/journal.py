"""The journal check: what people were answered, against the databases, Kafka and the mail boxes, after a fault."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import asyncpg
from chassis.settings import SERVICES
from ekis_contracts import catalogue
from ekis_local.kafka import Kafka
from live import Live
from story import PASSWORD, Person, Ticket
from topics import Ends, Seen, Witness
from waiting import until

QUIET_WITHIN = 30.0  # seconds from the last fault until nothing waits any more (I6)
TOPICS = {event.topic for event in catalogue().values()}


class Journal:
    """Everything that was accepted, and where the topics ended before."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.accepted: dict[str, tuple[Person, Ticket]] = {}
        stack = live.stack
        ports = stack.ports["kafka"], stack.ports["controller"]
        self._kafka = Kafka(stack.root / "data" / "kafka", *ports, stack.kafka_passwords)

    def witness(self, group: str = "none") -> Witness:
        return Witness(self._kafka, group)

    async def rows(self, service: str, sql: str, *args: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.live.stack.databases[service])
        try:
            return list(await connection.fetch(sql, *args))
        finally:
            await connection.close()

    async def quiet(self) -> None:
        """I6: every request is served, no event waits, within half a minute."""

        async def served() -> bool:
            numbers = list(self.accepted)
            sql = "SELECT count(*) FROM account_request WHERE number = ANY($1) AND state <> 'issued'"
            waiting = (await self.rows("identity", sql, numbers))[0][0]
            unsent = [(await self.rows(name, "SELECT count(*) FROM outbox"))[0][0] for name in SERVICES]
            mails = (await self.rows("notify", "SELECT count(*) FROM mail WHERE due_at IS NOT NULL"))[0][0]
            return not waiting and not any(unsent) and not mails and await self.no_lag()

        await until(served, "every request is served and nothing waits", QUIET_WITHIN, every=0.25)

    async def no_lag(self) -> bool:
        return not any([await self.lag(name) for name in SERVICES])

    async def lag(self, name: str) -> int:
        topics = import_module(f"{name}.__main__").service.reactions.topics
        witness = self.witness(f"{name}-svc")
        ends = await witness.ends(*topics)
        done = await witness.committed(ends)
        return sum(end - done[at] for at, end in ends.items())

    async def check(self) -> None:
        """I1 to I5 and I8 over the whole life of the stack."""
        witness = self.witness()
        ends = await witness.ends(*TOPICS)
        seen = await witness.between(dict.fromkeys(ends, 0), ends)
        await self.check_accepted(seen)
        check_versions(seen)
        await self.check_settled(seen, ends)
        await self.check_effects()
        letters = {name: await self.rows(name, "SELECT topic, reason FROM dead_letter") for name in SERVICES}
        assert not any(letters.values()), letters

    async def check_accepted(self, seen: Sequence[Seen]) -> None:
        """I1: what was answered is in the database and in Kafka. I2: nothing is in Kafka without its row."""
        kept = {
            row["number"]: str(row["id"])
            for row in await self.rows("identity", "SELECT id, number FROM account_request")
        }
        told = {one.key for one in seen if one.topic == "account-requested"}
        assert set(self.accepted) <= set(kept), "answered 2xx and not in the database"
        assert {kept[number] for number in self.accepted} <= told, "in the database and not in Kafka"
        assert told <= set(kept.values()), "in Kafka without a committed row"

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
        assert max(Counter(live.values()).values()) == 1
        sent = await self.rows("notify", "SELECT sum(attempts) - count(*) AS again FROM mail WHERE state = 'sent'")
        repeats = 0
        for person, _ in self.accepted.values():
            mails = [one for one in await self.live.mailbox(person.email) if PASSWORD.search(one["text"])]
            assert mails, "no credentials were mailed"
            assert len({one["message_id"] for one in mails}) == 1, "two different mails with credentials"
            repeats += len(mails) - 1
        assert repeats <= (sent[0]["again"] or 0), "a mail came twice that notify sent once"


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
        versions[one.source, one.key].append(one.version)
    gaps = {subject: found for subject, found in versions.items() if sorted(found) != list(range(1, len(found) + 1))}
    assert not gaps, gaps
