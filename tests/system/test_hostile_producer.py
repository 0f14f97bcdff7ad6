"""Somebody has a service's password at the broker: what is forged is refused and put aside with a code, counted for an
alert, and what is right beside it is taken in. A stack of its own, for what stands on its topics nobody may check."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from ekis_contracts import Record
from ekis_contracts.identity import AccountCreated
from ekis_contracts.registry import AccountRequestDeclined, SchoolChanged
from ekis_contracts.values import SchoolFacts
from journal import Journal
from live import Live, live_stack
from principals import Principal
from prometheus_client.parser import text_string_to_metric_families
from records import record_of
from story import Person
from topics import Lags
from waiting import until

TOPIC = SchoolChanged.topic
COPIES = ("identity", "cabinet")  # who keep a copy of the schools
OTHER = uuid4()  # a school of somebody else


@dataclass
class Producer:
    """registry-svc in foreign hands, and the school that it speaks of."""

    live: Live
    facts: dict[str, Any]
    version: int
    journal: Journal

    def changed(self, name: str, version: int | None = None) -> Record:
        """What registry itself would say next."""
        self.version += version is None
        event = SchoolChanged(**self.facts | {"short_name": name}, changed=["short_name"])
        return record_of(event, version=version or self.version)

    async def say(self, record: Record, by: str = "registry") -> str | None:
        user = f"{by}-svc"
        principal = Principal(self.live.kafka, (user, self.live.stack.kafka_passwords[user]))
        return await principal.write(record.topic, record.key, record.value, record.headers, partition=0)

    async def letters(self, service: str) -> list[tuple[str, int]]:
        """Reason and attempts of what was put aside, newest first."""
        rows = await self.journal.rows(service, "SELECT reason, attempts FROM dead_letter ORDER BY id DESC")
        return [(row["reason"], row["attempts"]) for row in rows]

    async def names(self) -> list[list[str]]:
        """What the copies call the school."""
        sql, school_id = "SELECT short_name FROM school WHERE school_id = $1", UUID(self.facts["school_id"])
        return [[row["short_name"] for row in await self.journal.rows(name, sql, school_id)] for name in COPIES]

    async def is_taken(self, name: str) -> None:
        async def everywhere() -> bool:
            return await self.names() == [[name]] * len(COPIES)

        await until(everywhere, f"the copies say {name}")

    async def count(self, service: str, topic: str, reason: str) -> float:
        """`ekis_dead_letters_total` as Prometheus scrapes it."""
        page = (await self.live.client.get(f"{self.live.stack.service_url(service)}/metrics")).text
        samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
        labels = {"topic": topic, "reason": reason}
        return sum(one.value for one in samples if one.name == "ekis_dead_letters_total" and one.labels == labels)


@pytest.fixture(scope="module")
async def hostile() -> AsyncIterator[Producer]:
    async with live_stack() as live:
        school = await live.story.register(Person("Орлов", "Пётр"))
        journal = Journal(live)
        sql = "SELECT to_jsonb(school) AS row FROM school WHERE school_id = $1"
        (row,) = await journal.rows("registry", sql, UUID(school.school_id))
        facts = json.loads(row["row"])
        producer = Producer(live, {name: facts[name] for name in SchoolFacts.model_fields}, facts["version"], journal)
        await producer.is_taken(facts["short_name"])
        yield producer


def headers(record: Record, **changes: str) -> Record:
    return replace(
        record, headers=[(name, changes.get(name, value.decode()).encode()) for name, value in record.headers]
    )


def data(record: Record, **changes: Any) -> Record:
    return replace(record, value=json.dumps(json.loads(record.value or b"") | changes).encode())


def without(record: Record, name: str) -> Record:
    left = {key: value for key, value in json.loads(record.value or b"").items() if key != name}
    return replace(record, value=json.dumps(left).encode())


def declined(record: Record) -> Record:
    other = record_of(AccountRequestDeclined(request_id=uuid4(), request_version=1, reason="x"))
    return replace(other, topic=record.topic)


FORGED: dict[str, tuple[Callable[[Record], Record], str]] = {
    "a forged source": (lambda it: headers(it, ce_source="/identity-svc"), "foreign-source"),
    "a foreign school's key": (lambda it: replace(it, key=str(OTHER).encode()), "foreign-key"),
    "no key": (lambda it: replace(it, key=None), "foreign-key"),
    "another school in the body": (lambda it: data(it, school_id=str(OTHER)), "foreign-subject"),
    "another subject": (lambda it: headers(it, ce_subject=str(OTHER)), "foreign-subject"),
    "an unknown version": (lambda it: headers(it, ce_type="ekis.school-changed.v2"), "unknown-type"),
    "an unknown event": (lambda it: headers(it, ce_type="ekis.school-burnt.v1"), "unknown-type"),
    "another topic's event": (declined, "foreign-topic"),
    "a field missing": (lambda it: without(it, "full_name"), "invalid-data"),
    "a field of another type": (lambda it: data(it, phones="+7"), "invalid-data"),
    "a value of a later release": (lambda it: data(it, status="burnt"), "invalid-data"),
    "garbage": (lambda it: replace(it, value=bytes(range(256)), headers=[]), "no-cloudevent"),
    "nothing": (lambda it: replace(it, value=None), "no-cloudevent"),
    "900 KB of garbage": (lambda it: replace(it, value=b"x" * 900_000), "invalid-data"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_what_is_forged_is_put_aside_counted_and_what_follows_is_taken_in(hostile: Producer, name: str) -> None:
    forge, reason = FORGED[name]
    before = [await hostile.count(service, TOPIC, reason) for service in COPIES]
    letters = [len(await hostile.letters(service)) for service in COPIES]
    forged = forge(hostile.changed("подделка"))
    assert await hostile.say(forged) is None
    assert await hostile.say(hostile.changed(f"после: {name}")) is None
    await hostile.is_taken(f"после: {name}")
    for service, counted, known in zip(COPIES, before, letters, strict=True):
        found = await hostile.letters(service)
        assert (len(found), found[0]) == (known + 1, (reason, 1))
        assert await hostile.count(service, TOPIC, reason) == counted + 1


async def test_a_replayed_older_version_takes_nothing_back(hostile: Producer) -> None:
    first = hostile.changed("как было")
    await hostile.say(first)
    await hostile.say(hostile.changed("как стало"))
    await hostile.is_taken("как стало")
    letters = [await hostile.letters(service) for service in COPIES]
    await hostile.say(first)  # word for word
    await hostile.say(hostile.changed("как было", version=1))  # as another event
    await until(lambda: has_read_all(hostile), "all is read")
    assert await hostile.names() == [["как стало"]] * 2
    assert [await hostile.letters(service) for service in COPIES] == letters, "late is not illegal"


async def has_read_all(hostile: Producer) -> bool:
    return await Lags(hostile.live.kafka).waiting({f"{name}-svc": [TOPIC] for name in COPIES}) == []


async def test_a_record_beyond_the_broker_s_limit_is_refused_by_it(hostile: Producer) -> None:
    huge = data(hostile.changed("велика"), full_name="Ж" * 1_000_000)
    assert await hostile.say(huge) == "MSG_SIZE_TOO_LARGE"
    await hostile.say(hostile.changed("после большой"))
    await hostile.is_taken("после большой")


async def test_a_seal_moved_from_another_event_opens_nowhere(hostile: Producer) -> None:
    """identity in foreign hands gives the credentials of one account to the address of another."""
    live, story, journal = hostile.live, hostile.live.story, hostile.journal
    victim, thief, next_one = Person("Жертвина"), Person("Ворова"), Person("Следующая")
    school = await story.register(Person("Орлов", "Пётр"))
    for person in (victim, thief):
        await story.enrol(school, person)
        await story.settled_in(person, school)
    *_, theirs, own = await events_of(hostile, AccountCreated.topic)
    mails = await live.mailbox(thief.email)
    moved = data(own, credentials=json.loads(theirs.value or b"")["credentials"], credential_no=9)
    event_id, before = uuid4(), await hostile.letters("cabinet")
    forged = headers(moved, ce_id=str(event_id), ce_sequence="000000000099")
    assert await hostile.say(forged, by="identity") is None

    async def is_refused() -> bool:
        rows = await journal.rows("notify", "SELECT code FROM mail WHERE event_id = $1", event_id)
        return [row["code"] for row in rows] == ["seal-broken"] and await hostile.letters("cabinet") != before

    await until(is_refused, "notify mails nobody, cabinet puts it aside")
    assert (await hostile.letters("cabinet"))[0] == ("seal", 1)
    assert await hostile.count("cabinet", AccountCreated.topic, "seal") == 1
    await story.enrol(school, next_one)
    await story.settled_in(next_one, school)
    assert await live.mailbox(thief.email) == mails


async def events_of(hostile: Producer, topic: str) -> list[Record]:
    """Records of this topic, by the time of their events."""
    found = await Principal(hostile.live.kafka, hostile.live.kafka.admin).records(topic)
    return sorted(found, key=lambda record: dict(record.headers)["ce_time"])
