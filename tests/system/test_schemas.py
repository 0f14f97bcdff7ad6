"""What a city system does with an event: read it, fetch the schema that its header names, check the data with that."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, TopicPartition
from ekis_kafka.broker import client_settings
from jsonschema import Draft202012Validator, FormatChecker
from live import Live
from story import NEW_PASSWORD, Person

Spoken = tuple[dict[str, str], dict[str, Any]]  # headers and data

# What one life brings about for certain
SAID = {
    "school-registered",
    "schools",
    "staff-enrolled",
    "account-requested",
    "account-request-verified",
    "account-created",
    "account-activated",
    "account-disabled",
    "personal-data-erased",
    "account-erased",
    "notification-sent",
}


@pytest.fixture(scope="module")
async def spoken(live: Live) -> list[Spoken]:
    """Every event on the topics after a life from the first to the last page."""
    story, teacher = live.story, Person("Словарева")
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    _, session = await story.settled_in(teacher, school)
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)

    async def all_said() -> list[Spoken] | None:
        heard = await asyncio.to_thread(lambda: list(_heard(live)))
        kinds = {headers["ce_type"] for headers, _ in heard}
        return heard if {f"ekis.{topic}.v1" for topic in SAID} <= kinds else None

    heard: list[Spoken] = await story.settle(all_said)
    return heard


def _heard(live: Live) -> Iterator[Spoken]:
    settings = client_settings(live.stack.kafka, ("admin", live.stack.kafka_passwords["admin"]))
    client = Consumer(settings | {"group.id": "schemas", "enable.auto.commit": False, "enable.partition.eof": True})
    listed = client.list_topics(timeout=10).topics
    places = {(name, one) for name in listed if not name.startswith("__") for one in listed[name].partitions}
    client.assign([TopicPartition(*place, 0) for place in places])
    try:
        while places:
            for message in client.consume(500, timeout=5):
                error = message.error()
                if error is None:
                    pairs: Any = message.headers() or []
                    headers = {name: value.decode() for name, value in pairs}
                    if headers.get("content-type") == "application/json":  # not what other tests have planted
                        yield headers, json.loads(message.value() or b"")
                elif error.code() == KafkaError._PARTITION_EOF:
                    places.discard((str(message.topic()), message.partition() or 0))
    finally:
        client.close()


async def test_every_event_is_what_the_schema_at_its_address_says(live: Live, spoken: list[Spoken]) -> None:
    checks: dict[str, Draft202012Validator] = {}
    for headers, data in spoken:
        address = headers["ce_dataschema"]
        if address not in checks:
            answer = await live.client.get(address)
            assert answer.status_code == 200, address
            Draft202012Validator.check_schema(answer.json())
            checks[address] = Draft202012Validator(answer.json(), format_checker=FormatChecker())
        assert address == f"{live.stack.gateway}/schemas/{headers['ce_type']}.json"
        checks[address].validate(data)
    assert len(checks) >= len(SAID)


async def test_schemas_are_for_everybody_and_may_be_kept(live: Live) -> None:
    address = f"{live.stack.gateway}/schemas/ekis.school-registered.v1.json"
    answer = await live.client.get(address, headers={"Origin": "https://city.example"})
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age" in answer.headers["cache-control"]
    again = await live.client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["ekis.unheard-of.v1.json", "ekis.school-registered.v2.json", ""])
async def test_a_schema_that_is_not_there_is_a_404(live: Live, name: str) -> None:
    answer = await live.client.get(f"{live.stack.gateway}/schemas/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "gateway-404")
