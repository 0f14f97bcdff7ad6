"""A principal for each city system: it reads what is open, and nothing else; removed, it is nobody."""

from collections.abc import Iterator

import pytest
import yaml
from confluent_kafka.admin import AdminClient
from ekis_kafka import systems
from ekis_kafka.broker import admin_of, client_settings
from ekis_kafka.drift import Refused, drift
from ekis_kafka.files import FOLDER, wanted
from ekis_local.kafka import Kafka
from principals import Principal

SEALED = "account-created"
ONE_OF_EACH = ("staff-enrolled", SEALED, "workplace-completed", "notification-sent")  # who may write them, in turn
ACLS = yaml.safe_load((FOLDER / "acls.yaml").read_text())
NO_TOPIC, NO_GROUP = "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED"


@pytest.fixture
def admin(kafka: Kafka) -> Iterator[AdminClient]:
    client = admin_of(client_settings(kafka.address, kafka.admin))
    yield client
    for user in systems.listed(client):
        systems.remove(client, user.removeprefix("city-"))


async def test_a_system_reads_what_is_open_until_it_is_removed(kafka: Kafka, admin: AdminClient) -> None:
    login = systems.add(admin, wanted(), "dnevnik")
    system = Principal(kafka, login)
    assert [await system.read(topic) for topic in ("schools", "accounts", "news-published")] == [None] * 3
    assert await system.read("schools", group="city-dnevnik.copy") is None
    assert await system.read(SEALED) == NO_TOPIC
    assert [await system.write(topic, b"1", b"{}") for topic in ("schools", SEALED)] == [NO_TOPIC] * 2
    others = ("city-system.copy", "city-dnevnik2.copy", "registry-svc")
    assert [await system.read("schools", group=group) for group in others] == [NO_GROUP] * 3
    assert drift(admin, wanted()).lines() == [], "systems are no drift"
    assert await system.connect() is None
    assert systems.remove(admin, "dnevnik") == "city-dnevnik"
    assert await system.connect() == "_AUTHENTICATION"
    assert systems.listed(admin) == {}


@pytest.mark.parametrize("service", ["registry-svc", "identity-svc", "cabinet-svc", "notify-svc"])
async def test_a_service_writes_and_reads_what_is_its_own(kafka: Kafka, service: str) -> None:
    principal = Principal(kafka, (service, kafka.passwords[service]))
    others = [topic for topic in ONE_OF_EACH if service not in ACLS[topic]["write"]]
    assert [await principal.write(topic, b"1", b"{}") for topic in others] == [NO_TOPIC] * 3
    closed = [topic for topic in ONE_OF_EACH if service not in ACLS[topic]["read"]]
    assert {await principal.read(topic) for topic in closed} == {NO_TOPIC}


async def test_a_system_may_read_some_topics_alone(kafka: Kafka, admin: AdminClient) -> None:
    canteen = Principal(kafka, systems.add(admin, wanted(), "canteen", ["schools"]))
    systems.add(admin, wanted(), "library")
    assert (await canteen.read("schools"), await canteen.read("news-published")) == (None, NO_TOPIC)
    assert systems.listed(admin) == {"city-canteen": ["schools"], "city-library": sorted(wanted().open)}


@pytest.mark.parametrize("name", ["system", "a", "Dnevnik", "-x-", "a.b", "a b", "ab*", "дневник", "x" * 40, ""])
def test_names_that_are_none_are_refused(admin: AdminClient, name: str) -> None:
    with pytest.raises(Refused, match="is no name"):
        systems.add(admin, wanted(), name)


def test_topics_with_seals_and_unknown_ones_are_refused_by_name(admin: AdminClient) -> None:
    with pytest.raises(Refused, match="sealed to a service: account-created, staff-changed"):
        systems.add(admin, wanted(), "dnevnik", ["schools", "staff-changed", "account-created"])
    with pytest.raises(Refused, match="no topic scools"):
        systems.add(admin, wanted(), "dnevnik", ["scools"])
    assert systems.listed(admin) == {}, "nothing is half made"


def test_a_taken_name_keeps_its_password(admin: AdminClient) -> None:
    systems.add(admin, wanted(), "dnevnik", ["schools"])
    with pytest.raises(Refused, match="exists"):
        systems.add(admin, wanted(), "dnevnik")
    assert systems.listed(admin) == {"city-dnevnik": ["schools"]}
    with pytest.raises(Refused, match="does not exist"):
        systems.remove(admin, "canteen")
