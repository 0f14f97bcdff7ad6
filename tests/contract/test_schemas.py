"""The published schemas: additive changes only, in both directions, against what was last published.

`python -m ekis_contracts.schemas tests/contract/schemas` publishes an additive change.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ekis_contracts.schemas import schemas

PUBLISHED = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "schemas").glob("*.json")}
Schema = dict[str, Any]


def resolve(schema: Schema, root: Schema) -> Schema:
    return root["$defs"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def shape(schema: Schema, root: Schema) -> Any:
    """What a value may be, without names and texts."""
    schema = resolve(schema, root)
    choices = schema.get("anyOf", [schema])
    return sorted(
        json.dumps([one.get(key) for key in ("type", "format", "enum", "const")])
        for one in (resolve(choice, root) for choice in choices)
    )


def breaks(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str = "") -> Iterator[str]:
    """What of the old language the new one no longer says, or says otherwise."""
    old, new = resolve(old, old_root), resolve(new, new_root)
    for name, was in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is None:
            yield f"{path}/{name} is gone: old readers miss it"
            continue
        if shape(was, old_root) != shape(now, new_root):
            yield f"{path}/{name} has another type"
        if was.get("x-sealed-to") != now.get("x-sealed-to"):
            yield f"{path}/{name} is sealed to somebody else"
        if part := was.get("x-sealed-part"):
            yield from breaks(part, now["x-sealed-part"], part, now["x-sealed-part"], f"{path}/{name}")
        yield from breaks(was, now, old_root, new_root, f"{path}/{name}")
    for name in set(new.get("required", [])) - set(old.get("required", [])):
        yield f"{path}/{name} became required: old events lack it"
    for name in set(old.get("required", [])) - set(new.get("required", [])):
        yield f"{path}/{name} may now be missing: old readers need it"


@pytest.mark.parametrize("kind", sorted(PUBLISHED))
def test_nothing_published_was_broken(kind: str) -> None:
    current = schemas()
    assert kind in current, "a published event is gone: add a new version beside it instead"
    assert list(breaks(PUBLISHED[kind], current[kind], PUBLISHED[kind], current[kind])) == []


def test_every_event_is_published() -> None:
    assert schemas() == PUBLISHED, "run: python -m ekis_contracts.schemas tests/contract/schemas"


def change(schema: Schema, how: str) -> Schema:
    changed = deepcopy(schema)
    if how == "removed":
        del changed["properties"]["number"]
    elif how == "retyped":
        changed["properties"]["number"] = {"type": "integer"}
    elif how == "required":
        changed["properties"]["fresh"] = {"type": "string"}
        changed["required"].append("fresh")
    elif how == "resealed":
        changed["properties"]["contact"]["x-sealed-to"] = "city"
    elif how == "sealed-part":
        del changed["properties"]["contact"]["x-sealed-part"]["properties"]["email"]
    elif how == "relaxed":
        changed["required"].remove("number")
    return changed


@pytest.mark.parametrize("how", ["removed", "retyped", "required", "resealed", "sealed-part", "relaxed"])
def test_the_check_sees_each_breaking_change(how: str) -> None:
    old = PUBLISHED["ekis.account-requested.v1"]
    new = change(old, how)
    assert list(breaks(old, new, old, new))


def test_the_check_lets_an_optional_field_in() -> None:
    old = PUBLISHED["ekis.account-requested.v1"]
    new = deepcopy(old)
    new["properties"]["fresh"] = {"type": "string"}
    assert list(breaks(old, new, old, new)) == []
