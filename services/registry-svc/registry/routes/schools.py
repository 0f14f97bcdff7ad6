"""Schools, as anybody may see them."""

from typing import Annotated, Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.http import InTransaction
from chassis.paging import InPage, etag
from ekis_contracts.values import SchoolFacts, SchoolStatus
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from registry.routes.shapes import BY_LIKENESS, BY_NAME, Listing, Text, after
from registry.store import schools as store

router = APIRouter(prefix="/schools", tags=["schools"])


class Search(BaseModel):
    """What to look for. An empty value looks for anything."""

    q: Text = ""
    inn: Text = ""
    ogrn: Text = ""
    district: Text = ""
    status: SchoolStatus | None = None

    def wanted(self) -> store.Wanted:
        """As the store takes it."""
        return store.Wanted(**{name: value or None for name, value in self})


@router.get("", response_model=Listing[SchoolFacts])
async def find_schools(search: Annotated[Search, Query()], page: InPage, tx: InTransaction) -> dict[str, Any]:
    """By part of the name (typos are forgiven), requisites, district, status."""
    wanted = search.wanted()
    if not wanted.q:
        listed = await store.schools_listed(tx, wanted, after(page, BY_NAME), page.limit)
        return page.answer([school.facts.model_dump() for school in listed], "short_name", "school_id")
    await store.tolerate_typos(tx)
    alike = await store.schools_alike(tx, wanted, after(page, BY_LIKENESS), page.limit)
    return page.answer(
        [{"alike": likeness} | school.facts.model_dump() for likeness, school in alike], "alike", "school_id"
    )


@router.get("/{school_id}")
async def read_school(school_id: UUID, response: Response, tx: InTransaction) -> SchoolFacts:
    """One school."""
    school = await store.school(tx, school_id)
    if school is None:
        raise NotFound
    response.headers["ETag"] = etag(school.version)
    return school.facts
