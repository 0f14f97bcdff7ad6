"""The compatibility gate: `python -m ekis_contracts.compatibility RELEASED CHANGELOG` says what would break a reader.

RELEASED is the folder with the schemas of the last release. Within a version of an event a change is additive in both
directions: readers of before read new events, new readers read old ones. So a new field has a default; nothing goes, or
gets another type or other limits. A list of allowed values (`Literal`) is closed: readers refuse what is not in it, so
it may not even grow; a plain string is open, and readers tolerate what they do not know. Everything else is a new
version beside the old one.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ekis_contracts.event import catalogue
from ekis_contracts.schemas import Schema, inlined, schemas

_LIMITS = ("pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "multipleOf")
_TEXTS = ("title", "description", "examples", "$schema")  # what no program depends on
_REMEDY = (
    "Within a version changes are additive: add a field with a default instead, or {next} beside it: a class with"
    " major={major} in contracts, its topic in deploy/kafka, both published until nobody reads {kind} any more."
)


def breaks(was: Schema, now: Schema) -> Iterator[str]:
    """What of the old schema the new one no longer says, or says otherwise. Both are `inlined`."""
    yield from _breaks(was, now, "")


def _breaks(was: Schema, now: Schema, at: str) -> Iterator[str]:
    if "default" in was and "default" in now and was["default"] != now["default"]:
        yield f"{at} has another default: old events that lack it would be read otherwise"
    old, new = _options(was), _options(now)
    for kind in sorted(old.keys() - new.keys()):
        yield f"{at} may no longer be {kind}: old events hold it"
    for kind in sorted(new.keys() - old.keys()):
        yield f"{at} may now be {kind}: readers of before do not expect it"
    for kind in sorted(old.keys() & new.keys()):
        yield from _values_break(old[kind], new[kind], at)
        yield from _parts_break(old[kind], new[kind], at)


def _options(schema: Schema) -> dict[str, Schema]:
    """What a value may be, by type and format."""
    options = schema.get("anyOf", [schema])
    return {" ".join(filter(None, (one.get("type", "anything"), one.get("format")))): one for one in options}


def _values_break(was: Schema, now: Schema, at: str) -> Iterator[str]:
    old, new = _allowed(was), _allowed(now)
    if bool(old) != bool(new):
        why = "a closed list: old events hold other" if new else "open: readers of before refuse new"
        yield f"{at} has become {why} values"
    else:
        yield from (f"{at} no longer allows {value}: old events hold it" for value in sorted(old - new))
        yield from (f"{at} allows {value} too: readers of before refuse it" for value in sorted(new - old))
    for limit in _LIMITS:
        if was.get(limit) != now.get(limit):
            yield f"{at} has another {limit}"


def _allowed(schema: Schema) -> set[str]:
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {json.dumps(value, ensure_ascii=False) for value in values}


def _parts_break(was: Schema, now: Schema, at: str) -> Iterator[str]:
    if was.get("x-sealed-to") != now.get("x-sealed-to"):
        yield f"{at} is sealed to {now.get('x-sealed-to', 'nobody')}: {was.get('x-sealed-to', 'everybody')} read it"
    for part in ("items", "additionalProperties", "x-sealed-part"):
        if isinstance(was.get(part), dict):
            yield from _breaks(was[part], now.get(part, {}), at)
    old, new = was.get("properties", {}), now.get("properties", {})
    for name in old:
        if name in new:
            yield from _breaks(old[name], new[name], f"{at}/{name}")
        else:
            yield f"{at}/{name} is gone: readers of before miss it"
    needed_then, needed_now = set(was.get("required", [])), set(now.get("required", []))
    for name in sorted(needed_now - needed_then):
        yield f"{at}/{name} is required: old events lack it; give it a default"
    for name in sorted((needed_then - needed_now) & new.keys()):
        yield f"{at}/{name} may be missing: readers of before need it"


def bare(schema: Schema) -> Schema:
    """The schema without the texts for people."""
    kept = {key: value for key, value in schema.items() if key not in _TEXTS}
    for part in ("items", "additionalProperties", "x-sealed-part"):
        if isinstance(kept.get(part), dict):
            kept[part] = bare(kept[part])
    if "anyOf" in kept:
        kept["anyOf"] = [bare(one) for one in kept["anyOf"]]
    if "properties" in kept:
        kept["properties"] = {name: bare(field) for name, field in kept["properties"].items()}
    return kept


def problems(
    released: Mapping[str, Schema], current: Mapping[str, Schema], since: Mapping[str, str], changelog: str
) -> Iterator[str]:
    """What hinders a release of `current`, each with what to do. `since` says of each event its first version."""
    unreleased = _unreleased(changelog)
    versions = set(re.findall(r"^## (\d\S*)", changelog, re.MULTILINE))
    for kind in sorted(released.keys() - current.keys()):
        yield f"{kind} is gone: subscribers read it. Keep it; a successor is added beside it."
    for kind in sorted(current):
        was, now = inlined(dict(released.get(kind, {}))), current[kind]
        broken = list(breaks(was, now)) if kind in released else []
        yield from (f"{kind}: {one}. {_remedy(kind)}" for one in broken)
        if bare(was) != bare(now) and kind not in unreleased:
            yield f"{kind} is new or changed: say so under «Unreleased» in contracts/CHANGELOG.md, by this name."
        if kind not in released and since[kind] in versions:
            yield f"{kind} was not part of {since[kind]}: give it since=, with the version that will have it."


def _remedy(kind: str) -> str:
    name, _, major = kind.rpartition(".v")
    return _REMEDY.format(kind=kind, next=f"{name}.v{int(major) + 1}", major=int(major) + 1)


def _unreleased(changelog: str) -> set[str]:
    """The types that the part of the next release names."""
    _, _, after = changelog.partition("## Unreleased")
    return set(re.findall(r"ekis\.[\w.-]+\.v\d+", after.split("\n## ")[0]))


def main() -> None:
    """Print what breaks; the exit code tells whether anything does."""
    folder, changelog = map(Path, sys.argv[1:])
    released = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    since = {kind: event.since for kind, event in catalogue().items()}
    found = list(problems(released, schemas(), since, changelog.read_text()))
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
