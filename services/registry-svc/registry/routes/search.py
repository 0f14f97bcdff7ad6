"""Searching schools, for anybody."""

from typing import Annotated, Any

from chassis.http import InTransaction
from chassis.paging import InPage, after
from ekis_contracts.values import SchoolFacts, SchoolStatus
from fastapi import APIRouter
from fastapi import Query as Asked
from pydantic import BaseModel

from registry.actions import search as actions
from registry.domain.search import Query
from registry.routes.changes import InChanges
from registry.routes.shapes import BY_LIKENESS, BY_NAME, Listing, Text
from registry.store.search import Wanted

router = APIRouter(prefix="/schools", tags=["schools"])


class Search(BaseModel):
    """What to look for. An empty value looks for anything; `q` is words of the name, a number, or requisites."""

    q: Text = ""
    inn: Text = ""
    ogrn: Text = ""
    district: Text = ""
    status: SchoolStatus | None = None

    @property
    def query(self) -> Query:
        """The words."""
        return Query(self.q)

    def wanted(self) -> Wanted:
        """The rest, with the requisites that stand among the words."""
        query = self.query
        given: Any = [("inn", self.inn), ("inn", query.inn), ("ogrn", self.ogrn), ("ogrn", query.ogrn)]
        return Wanted([one for one in given if one[1]], self.status, self.district or None)


class Schools(Listing[SchoolFacts]):
    """A page of schools. `since` is there with `changed_since` alone: what to give as it the next time."""

    since: str | None = None


@router.get("", response_model=Schools)
async def find_schools(
    search: Annotated[Search, Asked()], changes: InChanges, page: InPage, tx: InTransaction
) -> dict[str, Any]:
    """By words of the name (typos are forgiven), school number, requisites, district or okrug, status.

    With `changed_since` (RFC 3339, or a `since` of before) instead: what has changed, for systems with `schools:read`.
    """
    if changes:
        return changes
    query, wanted = search.query, search.wanted()
    if query.is_exact:
        listed = await actions.list_schools(tx, wanted, after(page, BY_NAME), page.limit)
        return page.answer([school.facts.model_dump() for school in listed], "short_name", "school_id")
    found = await actions.find_schools(tx, query, wanted, after(page, BY_LIKENESS), page.limit)
    items = [{"alike": alike} | school.facts.model_dump() for alike, school in found]
    return page.answer(items, "alike", "school_id")
