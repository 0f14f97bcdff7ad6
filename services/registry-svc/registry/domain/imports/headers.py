"""The header of a file: which column holds which field. The aliases are data (imports.toml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.domain.imports.cells import tidy
from registry.domain.imports.jobs import Unreadable
from registry.domain.names import plain

_SHOWN = 1_000  # characters of a foreign header that are repeated


@dataclass(frozen=True)
class Layout:
    """The columns that a kind of file may have: field -> names, the first being the field's title.

    `required` names fields; `a|b` means one of them, `a+b` both.
    """

    required: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]


def columns_of(header: Sequence[str], layout: Layout, mapping: Mapping[str, str]) -> dict[str, int]:
    """field -> place of its column; what the mapping says comes first. Raises Unreadable."""
    names = [plain(tidy(cell)) for cell in header]
    given = {field: plain(tidy(name)) for field, name in mapping.items()}
    if absent := [mapping[field] for field, name in given.items() if name not in names]:
        raise Unreadable("import-mapping-absent", absent=", ".join(absent), seen=_shown(header))
    known = {field: [plain(alias) for alias in aliases] for field, aliases in layout.columns.items()}
    known |= {field: [name] for field, name in given.items()}
    places = {field: _place(names, aliases) for field, aliases in known.items()}
    found = {field: place for field, place in places.items() if place is not None}
    if missing := [one for one in layout.required if not _has(found, one)]:
        raise _missing(header, layout, missing, has_some=bool(found))
    return found


def _place(names: Sequence[str], aliases: Sequence[str]) -> int | None:
    return next((names.index(alias) for alias in aliases if alias in names), None)


def _has(found: Mapping[str, int], required: str) -> bool:
    return any(all(field in found for field in way.split("+")) for way in required.split("|"))


def _missing(header: Sequence[str], layout: Layout, missing: Sequence[str], *, has_some: bool) -> Unreadable:
    """A first line with no known name may be a row about a person: it is not repeated for a staff roll."""
    ways = [one.split("|")[0].split("+") for one in missing]
    titles = ", ".join(layout.columns[field][0] for way in ways for field in way)
    if not has_some and "last_name" in layout.columns:
        return Unreadable("import-no-header", missing=titles)
    return Unreadable("import-columns-missing", missing=titles, seen=_shown(header))


def _shown(header: Sequence[str]) -> str:
    return ", ".join(filter(None, map(tidy, header)))[:_SHOWN]
