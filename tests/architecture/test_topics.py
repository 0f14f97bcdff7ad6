"""What the broker allows is what the code says: topics, their one writer, their readers, and who may see seals."""

import runpy
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.revocation import revoking_topics
from chassis.service import Service
from ekis_contracts import catalogue

ROOT = Path(__file__).parents[2]
KAFKA = ROOT / "deploy" / "kafka"
TOPICS: dict[str, Any] = yaml.safe_load((KAFKA / "topics.yaml").read_text())
ACLS: dict[str, dict[str, list[str]]] = yaml.safe_load((KAFKA / "acls.yaml").read_text())
EVENTS = {event.topic: event for event in catalogue().values()}
SERVICES: dict[str, Service] = {
    f"{name}-svc": import_module(f"{name}.__main__").service for name in ("registry", "identity", "cabinet", "notify")
}


def has_seals(topic: str) -> bool:
    properties = EVENTS[topic].model_json_schema()["properties"].values()
    return any(choice.get("format") == "jwe" for one in properties for choice in [one, *one.get("anyOf", [])])


def test_every_event_has_its_topic_and_no_other_exists() -> None:
    assert set(TOPICS["topics"]) == set(EVENTS) == set(ACLS)


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_topics_with_seals_are_kept_shorter_and_states_for_ever(topic: str) -> None:
    kind = "state" if EVENTS[topic].compacted else "sealed" if has_seals(topic) else "clear"
    assert TOPICS["topics"][topic] == kind
    assert (TOPICS["kinds"][kind].get("cleanup.policy") == "compact") == EVENTS[topic].compacted


def test_what_is_kept_for_ever_holds_nothing_personal() -> None:
    assert not [topic for topic, event in EVENTS.items() if event.compacted and has_seals(topic)]


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_only_its_producer_may_write_a_topic(topic: str) -> None:
    assert set(ACLS[topic]["write"]) == {f"{name}-svc" for name in EVENTS[topic].producers}


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_exactly_those_who_react_may_read_a_topic(topic: str) -> None:
    readers = {name for name, service in SERVICES.items() if topic in service.reactions.topics}
    if topic in revoking_topics():
        readers |= set(SERVICES)
    assert set(ACLS[topic]["read"]) - {"city-system"} == readers


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_city_systems_see_no_seals(topic: str) -> None:
    assert ("city-system" in ACLS[topic]["read"]) == (not has_seals(topic))


def test_the_page_of_events_is_what_the_code_says() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "events.py"))["page"]
    assert (ROOT / "docs" / "events.md").read_text() == page(), "run `python docs/events.py`"
