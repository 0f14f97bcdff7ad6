"""The document for subscribers: valid for the official parser, whole in itself, with examples that hold."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asyncapi import document
from ekis_contracts import Record, catalogue, decode, read
from ekis_contracts.examples import example
from ekis_contracts.schemas import schemas
from ekis_local.web import NODE, install
from jsonschema import Draft202012Validator, FormatChecker

CHECK = Path(__file__).parent / "asyncapi"


def parsed(content: dict[str, Any], log: Path) -> dict[str, Any]:
    """What the parser says, from packages that are fetched once."""
    asyncio.run(install(CHECK, log))
    command = [NODE / "bin" / "node", CHECK / "validate.mjs"]
    done = subprocess.run(command, input=json.dumps(content), capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_the_official_parser_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    said = parsed(document(), tmp_path / "npm.log")
    assert said["diagnostics"] == []
    assert set(said["channels"]) == {event.topic for event in catalogue().values()}


def test_the_official_parser_would_have_something_to_say(tmp_path: Path) -> None:
    broken = document()
    del broken["operations"]["receive-staff-left"]["action"]
    broken["operations"]["receive-schools"]["channel"]["$ref"] = "#/channels/nowhere"
    said = parsed(broken, tmp_path / "npm.log")["diagnostics"]
    assert {one["path"] for one in said} >= {"operations/receive-staff-left", "operations/receive-schools/channel/$ref"}


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_an_example_is_what_its_schema_and_its_model_say(kind: str) -> None:
    event, schema = catalogue()[kind], schemas()[kind]
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(example(event))
    assert event.model_validate(example(event)).aggregate_id == example(event)[event.key]


@pytest.mark.parametrize("topic", sorted(document()["channels"]))
def test_an_example_with_its_headers_is_an_event_that_we_read(topic: str) -> None:
    message = document()["components"]["messages"][topic]
    (shown,) = message["examples"]
    Draft202012Validator(message["headers"], format_checker=FormatChecker()).validate(shown["headers"])
    headers = [(name, value.encode()) for name, value in shown["headers"].items()]
    event = decode(read(Record(topic, None, json.dumps(shown["payload"]).encode(), headers)))
    assert event.topic == topic


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_every_event_says_what_it_means_and_when_it_is_said(kind: str) -> None:
    message = document()["components"]["messages"][catalogue()[kind].topic]
    assert len(message["summary"]) > 15
    assert message["description"].startswith("Said when") or message["description"].startswith("Said with")
    assert message["description"].endswith(".")
