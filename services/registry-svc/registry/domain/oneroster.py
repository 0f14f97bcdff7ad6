"""The registry in the words of OneRoster 1.2 (1EdTech, rostering service, REST binding): schools as orgs, staff records
as users. Of who has left only the id is told: the standard wants the record, nobody wants the name any more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from chassis.errors import Invalid

from registry.domain.schools import School
from registry.domain.staff import Staff

Status = Literal["active", "tobedeleted"]
Operator = Literal["=", ">", ">="]
SORTS = ("sourcedId", "dateLastModified")
ORG_FIELDS = ("sourcedId", "status", "dateLastModified", "metadata", "name", "type", "identifier")
USER_FIELDS = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "givenName", "familyName", "middleName"),
    *("roles", "primaryOrg", "email"),
)

_PART = re.compile(r"\s*(\w+)\s*(>=|=|>)\s*'([^']*)'\s*")
_TEACHING = re.compile("учител|преподавател|воспитател|педагог", re.IGNORECASE)


class BadQuery(Invalid, status=400):
    """A filter, sort or selection of fields that is not understood."""


@dataclass(frozen=True)
class Question:
    """Which part of a collection, in which order. Who goes on names the last one seen and how many there were."""

    limit: int
    offset: int
    status: Status | None = None
    since: Sequence[tuple[Operator, datetime]] = ()
    by: str = SORTS[0]
    descending: bool = False
    after: tuple[UUID] | tuple[datetime, UUID] | None = None
    total: int | None = None

    def place(self, item_id: UUID, changed_at: datetime) -> tuple[Any, ...]:
        """Where an item stands in this order."""
        return (item_id,) if self.by == SORTS[0] else (changed_at, item_id)


def conditions(text: str) -> dict[str, Any]:
    """`status` and `since` of a filter: `field op 'value'`, joined by AND. Raises BadQuery."""
    since: list[tuple[Operator, datetime]] = []
    found: dict[str, Any] = {"since": since}
    for part in text.split(" AND ") if text.strip() else ():
        match = _PART.fullmatch(part)
        if not match:
            raise BadQuery("filter-unknown", "/filter")
        name, operator, value = match.groups()
        if name == "dateLastModified":
            since.append((_operator(operator), _moment(value)))
        elif (name, operator) == ("status", "=") and value in ("active", "tobedeleted") and "status" not in found:
            found["status"] = value
        else:
            raise BadQuery("filter-unknown", "/filter")
    return found


def _operator(text: str) -> Operator:
    return "=" if text == "=" else ">" if text == ">" else ">="


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadQuery("filter-moment", "/filter") from None


def order(sort: str, order_by: str, since: Sequence[Any]) -> dict[str, Any]:
    """`by` and `descending` of sort and orderBy; without a sort what is asked for by time comes in the order of time.
    Raises BadQuery."""
    sort = sort or (SORTS[1] if since else SORTS[0])
    if sort not in SORTS:
        raise BadQuery("sort-unknown", "/sort", known=", ".join(SORTS))
    if order_by not in ("asc", "desc"):
        raise BadQuery("order-unknown", "/orderBy")
    return {"by": sort, "descending": order_by == "desc"}


def selection(text: str, known: Sequence[str]) -> frozenset[str]:
    """The fields of a comma-separated list. Raises BadQuery."""
    asked = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not asked <= set(known):
        raise BadQuery("fields-unknown", "/fields", known=", ".join(known))
    return asked


def picked(item: dict[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    """These fields of it; all without any."""
    return {name: value for name, value in item.items() if not fields or name in fields}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def org(school: School, changed_at: datetime) -> dict[str, Any]:
    """A school. What OneRoster has no word for is in `metadata`; a suspended one is still active."""
    facts = school.facts
    own = ("full_name", "inn", "kpp", "ogrn", "kind", "district", "address", "site", "status")
    return {
        "sourcedId": str(school.school_id),
        "status": "tobedeleted" if facts.status == "closed" else "active",
        "dateLastModified": _time(changed_at),
        "metadata": {name: getattr(facts, name) for name in own},
        "name": facts.short_name,
        "type": "school",
        "identifier": facts.ogrn or facts.inn,
    }


def user(staff: Staff, changed_at: datetime, orgs: str) -> dict[str, Any]:
    """A staff record; `orgs` is the address of the collection of orgs."""
    entry, name = staff.entry, staff.entry.name
    at = _org_ref(staff.school_id, orgs)
    shown = staff.is_live
    return {
        "sourcedId": str(staff.staff_id),
        "status": "active" if shown else "tobedeleted",
        "dateLastModified": _time(changed_at),
        "enabledUser": "true" if shown else "false",
        "givenName": name.first_name if shown else "",
        "familyName": name.last_name if shown else "",
        "middleName": name.patronymic if shown else None,
        "roles": [_role(staff, at)],
        "primaryOrg": at,
        "email": entry.email if shown else None,
    }


def _org_ref(school_id: UUID, orgs: str) -> dict[str, str]:
    return {"href": f"{orgs}/{school_id}", "sourcedId": str(school_id), "type": "org"}


def _role(staff: Staff, at: dict[str, str]) -> dict[str, Any]:
    """The standard's words, and `ext:employee` for who does not teach; the post itself is in `metadata`."""
    entry = staff.entry
    teaches = "teacher" if _TEACHING.search(entry.post) else "ext:employee"
    return {
        "roleType": "primary" if entry.employment == "main" else "secondary",
        "role": "principal" if entry.category == "head" else teaches,
        "org": at,
        "beginDate": entry.since.isoformat() if entry.since else None,
        "endDate": staff.until.isoformat() if staff.until else None,
        "metadata": {"post": entry.post} if staff.is_live else {},
    }
