"""Nothing personal is in clear on any topic: every text of a clear part was looked at, every sealed part is shut."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from canaries import spellings
from chassis.testing.opened import Keyring
from ekis_contracts import Event, Record, Sealed, SealError, catalogue, decode, read
from ekis_contracts.examples import example
from ekis_contracts.schemas import Schema, schemas
from records import record_of

EVENTS = {event.topic: event for event in catalogue().values()}
SERVICES = ("registry", "identity", "cabinet", "notify")

SCHOOLS = "school-registered school-changed school-closed schools"
ACCOUNTS = "account-created account-activated account-changed access-restored account-suspended account-resumed"
ACCOUNTS += " account-disabled account-erased accounts"
STAFF = "staff-enrolled staff-changed"
TICKETS = "support-ticket-opened support-ticket-answered support-ticket-resolved"
MAILS = "notification-sent notification-failed"
AUDIENCES = "poll-published poll-closed contest-announced news-published"

# Why a text may stand there for everybody who reads the topic. Whatever else a field holds belongs into a seal.
CLEAR: list[tuple[str, str, str]] = [
    ("published by the city of each school", SCHOOLS, "inn kpp ogrn full_name short_name kind district okrug address"),
    ("an organisation's own contacts, published too", SCHOOLS, "phones emails site"),
    ("a number of a register", "school-application-submitted", "inn"),
    ("a number of a register", "account-requested", "school.inn school.kpp school.ogrn"),
    ("a hint about a school, typed by an applicant", "account-requested", "school.name"),
    ("a post, as the roll says it", f"{ACCOUNTS} {STAFF} account-request-verified", "post"),
    ("a part of a school, as the roll says it", STAFF, "division"),
    ("names of fields", "school-changed staff-changed account-changed", "changed"),
    ("a keyed digest of the producer's own", "account-created", "login_digest"),
    ("names of services", "account-erased", "receipts"),
    ("a running number", f"account-requested {TICKETS}", "number"),
    ("a running number", "school-application-submitted school-application-decided", "number"),
    ("a running number", "access-restored", "ticket"),
    ("a state of a table", "school-application-submitted", "state"),
    ("a code of ours", "account-disabled", "channel"),
    ("a code of ours", "staff-left school-application-decided sessions-revoked", "reason"),
    ("a code of ours", "account-request-closed account-request-declined account-request-referred", "reason"),
    ("a code of ours", "account-suspended account-resumed", "reason"),
    ("a code of ours, or of SMTP", MAILS, "purpose code"),
    ("the id of a subject", MAILS, "about"),
    ("words for groups of people", AUDIENCES, "audience.districts audience.posts"),
    ("the name of an exam or of a subject", "exam-results-published", "exam subject"),
    ("names of subjects", "workplace-completed", "subjects"),
    ("names of subjects", "document-published", "specialties"),
    ("what a page is called, and its path", "notice-addressed", "title page"),
]
LOOKED_AT = {(topic, field) for _, topics, fields in CLEAR for topic in topics.split() for field in fields.split()}


def texts(schema: Schema, at: str = "") -> Iterator[str]:
    """Fields of a clear part that may hold any text."""
    for one in schema.get("anyOf", [schema]):
        for name, field in one.get("properties", {}).items():
            yield from texts(field, f"{at}.{name}" if at else name)
        for part in ("items", "additionalProperties"):
            if isinstance(one.get(part), dict):
                yield from texts(one[part], at)
        if one.get("type") == "string" and not one.keys() & {"enum", "const", "format"}:
            yield at


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_every_text_in_clear_has_been_looked_at(topic: str) -> None:
    found = {(topic, field) for field in texts(schemas()[EVENTS[topic].type])}
    assert found <= LOOKED_AT, "seal it for whoever needs it, or say in CLEAR why everybody may read it"
    assert found == {one for one in LOOKED_AT if one[0] == topic}, "CLEAR names what is not there"


@pytest.mark.parametrize("name", ["name", "email", "comment"])
def test_a_new_text_in_clear_is_seen(name: str) -> None:
    schema = schemas()["ekis.staff-left.v1"]
    schema["properties"] |= {name: {"anyOf": [{"items": {"type": "string"}, "type": "array"}, {"type": "null"}]}}
    assert name in set(texts(schema))


def canary(field: str, name: str) -> str:
    return f"канарейка-{field}-{name}"


def part_of(seal: Sealed[Any], field: str) -> Any:
    """The inside of a seal, with a canary in every text."""
    given: dict[str, Any] = {}
    for name, one in seal.model.model_json_schema()["properties"].items():
        kind = one.get("anyOf", [one])[0]
        given[name] = kind["enum"][0] if "enum" in kind else canary(field, name)
        if kind.get("format") == "date-time":
            given[name] = datetime.now(UTC)
    return seal.model(**given)


def with_canaries(event: type[Event]) -> tuple[Event, set[str]]:
    """The event with its seals still open, and what must not be seen of it."""
    it, found = event.model_validate(example(event)), set()
    for field, seal in [(name, one) for name, one in it.__dict__.items() if isinstance(one, Sealed)]:
        part = part_of(seal, field)
        found |= {text for text in part.model_dump().values() if isinstance(text, str) and "канарейка" in text}
        it = it.model_copy(update={field: type(seal)(part)})
    return it, found


def seen_by_everybody(record: Record) -> bytes:
    return b"\n".join([record.key or b"", record.value or b"", *(part for _, part in record.headers)])


SEALED = [event.topic for kind, event in sorted(catalogue().items()) if "x-sealed-to" in json.dumps(schemas()[kind])]


@pytest.mark.parametrize("topic", SEALED)
def test_what_is_sealed_is_read_by_its_recipient_alone(topic: str, keyring: Keyring) -> None:
    event, secrets = with_canaries(EVENTS[topic])
    assert secrets
    record = record_of(event, seals=keyring.seals[event.producers[0]])
    data = seen_by_everybody(record)
    assert not [secret for secret in secrets if any(spelling in data for spelling in spellings(secret))]
    opened = set()
    for seal in decode(read(record)).seals():
        opened |= set(keyring.seals[seal.recipient].open(seal).model_dump().values())
        for other in set(SERVICES) - {seal.recipient}:
            with pytest.raises(SealError):
                keyring.seals[other].open(seal)
    assert opened >= secrets


def test_a_part_that_is_not_sealed_would_be_seen(keyring: Keyring) -> None:
    secret = canary("staff-left", "reason")
    event = EVENTS["staff-left"].model_validate(example(EVENTS["staff-left"]) | {"reason": secret})
    assert any(spelling in seen_by_everybody(record_of(event)) for spelling in spellings(secret))
