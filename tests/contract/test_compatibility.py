"""The gate before a release: additive changes only, both ways, each with a word in the changelog."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ekis_contracts import catalogue
from ekis_contracts.compatibility import breaks, problems
from ekis_contracts.schemas import Schema, schemas

ROOT = Path(__file__).parents[2]
CHANGELOG = ROOT / "contracts" / "CHANGELOG.md"
KIND = "ekis.account-requested.v1"
OLD = schemas()[KIND]
SILENT = "# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- ekis.account-requested.v1\n"
SAID = SILENT.replace("## Unreleased\n", f"## Unreleased\n\n- `{KIND}`: `fresh`.\n")
SINCE = {KIND: "0.1.0"}

Change = Callable[[dict[str, Any]], object]


def sealed(fields: dict[str, Any], name: str) -> dict[str, Any]:
    part: dict[str, Any] = fields[name]["x-sealed-part"]["properties"]
    return part


BREAKS: dict[str, tuple[Change, str]] = {
    "removed": (lambda f: f.pop("number"), "/number is gone: readers of before miss it"),
    "retyped": (lambda f: f["number"].update(type="integer"), "/number may no longer be string: old events hold it"),
    "retyped, for readers": (
        lambda f: f["number"].update(type="integer"),
        "/number may now be integer: readers of before do not expect it",
    ),
    "another format": (
        lambda f: f["request_id"].pop("format"),
        "/request_id may now be string: readers of before do not expect it",
    ),
    "null let in": (
        lambda f: f.update(number={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "/number may now be null: readers of before do not expect it",
    ),
    "null kept out": (
        lambda f: f["school"]["properties"].update(kpp={"type": "string", "default": None}),
        "/school/kpp may no longer be null: old events hold it",
    ),
    "value taken away": (
        lambda f: f["category"]["enum"].remove("head"),
        '/category no longer allows "head": old events hold it',
    ),
    "value added": (
        lambda f: f["category"]["enum"].append("guest"),
        '/category allows "guest" too: readers of before refuse it',
    ),
    "list opened": (
        lambda f: f["category"].pop("enum"),
        "/category has become open: readers of before refuse new values",
    ),
    "list closed": (
        lambda f: f["number"].update(enum=["1"]),
        "/number has become a closed list: old events hold other values",
    ),
    "narrowed": (lambda f: f["number"].update(maxLength=3), "/number has another maxLength"),
    "another default": (
        lambda f: f["school"]["properties"]["kpp"].update(default="0"),
        "/school/kpp has another default: old events that lack it would be read otherwise",
    ),
    "sealed to another": (
        lambda f: f["contact"].update({"x-sealed-to": "city-svc"}),
        "/contact is sealed to city-svc: notify-svc read it",
    ),
    "seal taken off": (
        lambda f: f["contact"].pop("x-sealed-to"),
        "/contact is sealed to nobody: notify-svc read it",
    ),
    "gone from a sealed part": (
        lambda f: sealed(f, "contact").pop("email"),
        "/contact/email is gone: readers of before miss it",
    ),
    "deep inside": (
        lambda f: f["school"]["properties"].pop("inn"),
        "/school/inn is gone: readers of before miss it",
    ),
}


def changed(change: Change) -> Schema:
    schema = deepcopy(OLD)
    change(schema["properties"])
    return schema


@pytest.mark.parametrize("how", BREAKS)
def test_every_break_is_seen_and_told_with_what_to_do_instead(how: str) -> None:
    change, message = BREAKS[how]
    assert message in list(breaks(OLD, changed(change)))
    told = [one for one in problems({KIND: OLD}, {KIND: changed(change)}, SINCE, SAID) if message in one]
    assert told
    assert "add a field with a default instead, or ekis.account-requested.v2 beside it" in told[0]
    assert "major=2" in told[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one: one.append("fresh"), "/fresh is required: old events lack it; give it a default"),
        (lambda one: one.remove("number"), "/number may be missing: readers of before need it"),
    ],
)
def test_what_is_required_stays_as_it_is(change: Callable[[list[str]], object], message: str) -> None:
    new = changed(lambda fields: fields.update(fresh={"type": "string"}))
    change(new["required"])
    assert list(breaks(OLD, new)) == [message]


def test_items_of_lists_and_of_maps_are_looked_at() -> None:
    was = {"items": {"type": "string"}, "additionalProperties": {"type": "integer"}}
    now = {"items": {"type": "integer"}, "additionalProperties": {"type": "string"}}
    assert len(list(breaks(was, now))) == 4


def with_fresh() -> Schema:
    return changed(lambda fields: fields.update(fresh={"type": "string", "default": ""}))


def test_a_field_with_a_default_is_let_in_when_the_changelog_says_so() -> None:
    assert list(problems({KIND: OLD}, {KIND: with_fresh()}, SINCE, SAID)) == []
    (told,) = problems({KIND: OLD}, {KIND: with_fresh()}, SINCE, SILENT)
    assert told == f"{KIND} is new or changed: say so under «Unreleased» in contracts/CHANGELOG.md, by this name."


def test_other_words_for_people_are_no_change() -> None:
    new = changed(lambda fields: fields["number"].update(description="better", title="Better"))
    assert list(problems({KIND: OLD}, {KIND: new}, SINCE, SILENT)) == []


def test_a_field_that_is_called_as_a_text_is_a_field() -> None:
    kind = "ekis.notice-addressed.v1"
    new = deepcopy(schemas()[kind])
    new["properties"]["title"]["type"] = "integer"
    assert any("/title may now be integer" in one for one in problems({kind: schemas()[kind]}, {kind: new}, {}, SAID))


def test_a_new_event_is_named_and_says_since_when() -> None:
    told = list(problems({}, {KIND: OLD}, SINCE, SILENT))
    assert [one.partition(":")[0] for one in told] == [f"{KIND} is new or changed", f"{KIND} was not part of 0.1.0"]
    assert list(problems({}, {KIND: OLD}, {KIND: "0.2.0"}, SAID)) == []


def test_an_event_that_is_gone_is_missed() -> None:
    (told,) = problems({KIND: OLD}, {}, {}, SAID)
    assert told.startswith(f"{KIND} is gone: subscribers read it.")


def gate(folder: Path) -> "subprocess.CompletedProcess[str]":
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "ekis_contracts.compatibility",
        folder,
        ROOT / "contracts" / "CHANGELOG.md",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nothing_released_is_broken() -> None:
    done = gate(ROOT / "tests" / "contract" / "schemas")
    assert done.returncode == 0, done.stderr


def test_the_command_refuses(tmp_path: Path) -> None:
    was = changed(lambda fields: fields.update(former={"type": "string"}))
    (tmp_path / f"{KIND}.json").write_text(json.dumps(was))
    done = gate(tmp_path)
    assert done.returncode == 1
    assert f"{KIND}: /former is gone" in done.stderr


def test_every_event_says_since_when() -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", event.since) for event in catalogue().values())
