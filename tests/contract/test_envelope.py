"""The envelope: what the CloudEvents SDK writes we read, what we write it reads; hostile bytes are only undecodable."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from chassis.testing.opened import Keyring
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from ekis_contracts import (
    Envelope,
    Event,
    ForNotify,
    Record,
    Sealed,
    SealError,
    Undecodable,
    catalogue,
    decode,
    read,
    write,
)
from ekis_contracts.examples import example
from ekis_contracts.identity import AccountErased, SessionsRevoked
from ekis_contracts.registry import StaffLeft
from ekis_contracts.values import Contact
from hypothesis import given
from hypothesis import strategies as st

LEFT = StaffLeft(staff_id=uuid4(), school_id=uuid4(), reason="уволен")


def envelope_of(event: Event = LEFT, **changes: Any) -> Envelope:
    fields: dict[str, Any] = {
        "id": uuid4(),
        "type": event.type,
        "source": f"/{event.producers[0]}-svc",
        "subject": event.aggregate_id,
        "time": datetime.now(UTC),
        "sequence": 7,
        "data": event.model_dump_json().encode(),
        "correlation": "story",
        "causation": str(uuid4()),
        "expires": datetime.now(UTC) + timedelta(days=1),
        "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
    }
    return Envelope(**(fields | changes))


def test_what_is_written_is_read_again() -> None:
    envelope = envelope_of()
    assert read(write(envelope, "staff-left")) == envelope
    assert decode(envelope) == LEFT


def test_the_sdk_reads_our_binary_records() -> None:
    record = write(envelope_of(), "staff-left", "https://ekis.example/schemas")
    assert record.value is not None
    event = from_binary_event(KafkaMessage(dict(record.headers), record.key, record.value))
    assert event.get_id()
    assert event.get_subject() == LEFT.aggregate_id
    assert event.get_attributes()["sequence"] == "000000000007"
    assert event.get_dataschema() == "https://ekis.example/schemas/ekis.staff-left.v1.json"
    data = event.get_data()
    assert isinstance(data, dict)
    assert data["reason"] == "уволен"


def test_we_read_the_sdks_structured_records_even_with_ce_headers_beside() -> None:
    attributes = {
        "id": str(uuid4()),
        "source": "/registry-svc",
        "type": LEFT.type,
        "specversion": "1.0",
        "subject": LEFT.aggregate_id,
        "time": datetime.now(UTC),
        "sequence": "000000000003",
        "datacontenttype": "application/json",
    }
    message = to_structured_event(CloudEvent(attributes=attributes, data=LEFT.model_dump(mode="json")))
    headers = [*message.headers.items(), ("ce_id", b"not this one")]
    envelope = read(Record("staff-left", None, message.value, headers))
    assert (str(envelope.id), envelope.sequence) == (attributes["id"], 3)
    assert decode(envelope) == LEFT


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "ekis.staff-left.v2"},
        {"type": "ekis.unheard-of.v1"},
        {"source": "/identity-svc"},
        {"subject": str(uuid4())},
        {"data": b"{}"},
        {"data": b"[" * 100_000},
        {"data": b"\xff"},
    ],
)
def test_a_wrong_event_is_undecodable(changes: dict[str, Any]) -> None:
    with pytest.raises(Undecodable):
        decode(envelope_of(**changes))


def test_an_unknown_field_is_ignored_by_readers() -> None:
    data = LEFT.model_dump_json()[:-1].encode() + b', "fresh": 1}'
    assert decode(envelope_of(data=data)) == LEFT


@given(
    headers=st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=60)), max_size=12),
    structured=st.booleans(),
    value=st.none() | st.binary(max_size=200),
)
def test_any_bytes_are_at_worst_undecodable(
    headers: list[tuple[str, bytes]], structured: bool, value: bytes | None
) -> None:
    kind = b"application/cloudevents+json" if structured else b"application/json"
    with pytest.raises(Undecodable):
        read(Record("staff-left", b"\xff", value, [*headers, ("content-type", kind)]))


def sealed_event(keyring: Keyring) -> tuple[SessionsRevoked, Envelope]:
    account_id = uuid4()
    contact = ForNotify(Contact(name="Анна", email="anna@school.example"))
    event = SessionsRevoked(account_id=account_id, reason="sign-out", session_epoch=1, sids=[], contact=contact)
    envelope = envelope_of(event, data=b"{}")
    assert event.contact is not None
    keyring.seals["identity"].close(event.contact, envelope.id, event.aggregate_id)
    return event, envelope_of(event, id=envelope.id)


def contact_in(envelope: Envelope) -> ForNotify[Contact]:
    told = decode(envelope)
    assert isinstance(told, SessionsRevoked)
    assert told.contact is not None
    return told.contact


@pytest.mark.parametrize("kind", catalogue().values(), ids=lambda kind: kind.topic)
def test_every_sealed_part_of_every_event_is_found(kind: type[Event]) -> None:
    event = kind.model_validate_json(json.dumps(example(kind)))
    carried = [value for value in event.__dict__.values() if isinstance(value, Sealed)]
    assert event.seals() == carried
    assert len(decode(envelope_of(event)).seals()) == len(carried)


def test_a_seal_opens_for_its_recipient_alone(keyring: Keyring) -> None:
    _, envelope = sealed_event(keyring)
    contact = contact_in(envelope)
    assert keyring.seals["notify"].open(contact).email == "anna@school.example"
    assert b"anna" not in envelope.data
    for other in ("registry", "identity", "cabinet"):
        with pytest.raises(SealError):
            keyring.seals[other].open(contact)


def test_a_seal_moved_to_another_event_is_refused(keyring: Keyring) -> None:
    event, envelope = sealed_event(keyring)
    moved = contact_in(envelope_of(event, id=uuid4(), data=envelope.data))
    with pytest.raises(SealError):
        keyring.seals["notify"].open(moved)


@given(st.text(max_size=40), st.integers(min_value=0, max_value=200))
def test_a_broken_seal_is_refused(keyring: Keyring, noise: str, cut: int) -> None:
    event, envelope = sealed_event(keyring)
    token = contact_in(envelope).token
    broken: Sealed[Contact] = ForNotify.stored(
        Contact, token[:cut] + noise + token[cut + 1 :], envelope.id, event.aggregate_id
    )
    if broken.token != token:
        with pytest.raises(SealError):
            keyring.seals["notify"].open(broken)


def test_producers_may_not_say_undeclared_things() -> None:
    with pytest.raises(ValueError, match="extra"):
        AccountErased.model_validate({"surprise": 1})
