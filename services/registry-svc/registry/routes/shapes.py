"""What several routes share: lists, cursors, requisites as fields."""

from typing import Annotated, Generic, TypeVar
from uuid import UUID

from chassis.errors import Stale
from chassis.paging import etag, require_match
from ekis_contracts.fields import Line, line
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, TypeAdapter

from registry.domain import requisites
from registry.domain.schools import School

ItemT = TypeVar("ItemT")

Inn = Annotated[Line, AfterValidator(requisites.inn)]
Kpp = Annotated[Line, AfterValidator(requisites.kpp)]
Ogrn = Annotated[Line, AfterValidator(requisites.ogrn)]
Text = Annotated[str, StringConstraints(max_length=300), AfterValidator(line)]  # of a query: may be empty
BY_NAME = TypeAdapter(tuple[Annotated[str, Field(max_length=300)], UUID])
BY_TIME = TypeAdapter(tuple[AwareDatetime, UUID])
BY_LIKENESS = TypeAdapter(tuple[Annotated[int, Field(ge=0, le=1_000_000)], UUID])


class Listing(BaseModel, Generic[ItemT]):
    """A page of a list; `next` is the cursor of the page after it."""

    items: list[ItemT]
    next: str | None


def require_current(match: str | None, school: School) -> None:
    """Raises Stale, with the current values and their tag, unless this version of a school is meant."""
    try:
        require_match(match, school.version, **school.facts.model_dump(mode="json"))
    except Stale as stale:
        stale.headers["ETag"] = etag(school.version)
        raise
