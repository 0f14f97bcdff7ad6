"""Readers of one release meet events of another: what they do not know is let in, what they miss is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from chassis.testing.opened import Keyring
from ekis_contracts import Envelope, Event, Undecodable, catalogue, decode
from ekis_contracts.examples import example
from ekis_contracts.identity import SessionsRevoked
from ekis_contracts.schemas import schemas
from ekis_contracts.sealing import ForNotify, Place
from ekis_contracts.values import Contact

Data = dict[str, Any]
EVENTS = sorted(catalogue().values(), key=lambda event: event.topic)
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.topic)


def envelope_of(event: type[Event], data: Data, **changes: Any) -> Envelope:
    about: Data = {"type": event.type, "source": f"/{event.producers[0]}-svc", "subject": example(event)[event.key]}
    given = {"id": uuid4(), "time": datetime.now(UTC), "sequence": 1, "data": json.dumps(data).encode()}
    return Envelope(**about | given | {"correlation": "story"} | changes)


def objects(value: Any) -> Iterator[Data]:
    """Every object with fields of its own; a map from names to numbers has none."""
    if isinstance(value, dict) and not all(isinstance(one, int) for one in value.values()):
        yield value
        for one in value.values():
            yield from objects(one)


def shown(event: Event) -> str:
    return event.model_dump_json()


def refusal(envelope: Envelope) -> str:
    with pytest.raises(Undecodable) as refused:
        decode(envelope)
    return str(refused.value)


@every_event
def test_fields_of_a_later_release_are_let_in_at_any_depth(event: type[Event]) -> None:
    newer = example(event)
    for one in list(objects(newer)):
        one["of_a_later_release"] = {"anything": [1]}
    assert shown(decode(envelope_of(event, newer))) == shown(decode(envelope_of(event, example(event))))


@every_event
def test_an_event_that_lacks_what_its_readers_need_is_undecodable(event: type[Event]) -> None:
    for name in schemas()[event.type]["required"]:
        lacking = {key: value for key, value in example(event).items() if key != name}
        assert refusal(envelope_of(event, lacking)) == "invalid-data", name


@every_event
def test_an_event_of_an_earlier_release_may_lack_what_has_a_default(event: type[Event]) -> None:
    needed = schemas()[event.type]["required"]
    older = {name: value for name, value in example(event).items() if name in needed}
    assert decode(envelope_of(event, older)).aggregate_id == example(event)[event.key]


@every_event
def test_another_version_and_a_value_outside_a_closed_list_are_undecodable(event: type[Event]) -> None:
    envelope = envelope_of(event, example(event))
    assert refusal(replace(envelope, type=event.type.replace(".v1", ".v2"))) == "unknown-type"
    for name, field in schemas()[event.type]["properties"].items():
        if "enum" in field:
            assert refusal(envelope_of(event, example(event) | {name: "of-a-later-release"})) == "invalid-data"


def test_a_second_version_has_a_topic_of_its_own() -> None:
    before = dict(catalogue())
    try:

        class AnotherSchoolClosed(Event, topic="school-closed", producer="registry", key="school_id", major=2):
            """Only here."""

        assert AnotherSchoolClosed.type == "ekis.school-closed.v2"
        assert AnotherSchoolClosed.topic == "school-closed-v2"
        assert catalogue()["ekis.school-closed.v1"].topic == "school-closed"
    finally:
        catalogue().clear()
        catalogue().update(before)


def test_a_sealed_part_of_a_later_release_opens(keyring: Keyring) -> None:
    class LaterContact(Contact):
        phone: str

    later = ForNotify(LaterContact(name="Анна", email="anna@school.example", phone="+74950000001"))
    event_id, account_id = uuid4(), uuid4()
    keyring.seals["identity"].close(later, event_id, str(account_id))
    data = example(SessionsRevoked) | {"account_id": str(account_id), "contact": later.token}
    told = decode(envelope_of(SessionsRevoked, data, id=event_id, subject=str(account_id)))
    assert isinstance(told, SessionsRevoked)
    assert told.contact is not None
    assert told.contact.place == Place(event_id, str(account_id))
    assert keyring.seals["notify"].open(told.contact) == Contact(name="Анна", email="anna@school.example")
