"""What the routes of documents share: models, cursors, who is asking."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Principal
from chassis.outbox import Tx
from chassis.paging import etag
from ekis_contracts.values import Audience
from fastapi import Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, TypeAdapter

from cabinet.documents.domain.documents import Document, Kind, Shown, TextState, Version, day
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.people.routes import require_current
from cabinet.rights import RIGHTS

Day = Annotated[date, AfterValidator(day)]
BY_ID = TypeAdapter(tuple[UUID])
BY_DATE = TypeAdapter(tuple[date, UUID])
BY_RANK = TypeAdapter(tuple[Annotated[int, Field(ge=0, lt=2**31)], UUID])
BY_PLACE = TypeAdapter(tuple[Annotated[int, Field(ge=0, lt=2**31)]])


class CardOut(BaseModel):
    """A document as its editors see it."""

    document_id: UUID
    number: str
    issued_on: date
    issuer: str
    kind: Kind
    title: str
    specialties: list[str]
    audience: Audience
    supersedes: UUID | None
    superseded_by: UUID | None
    current_no: int | None
    required_no: int | None
    acknowledge_by: AwareDatetime | None

    @classmethod
    def of(cls, it: Document) -> Self:
        """As it is."""
        return cls.model_validate(vars(it) | vars(it.card))


class ShownOut(CardOut):
    """A published document as the caller sees it; `is_asked`: has to acknowledge it. `found` is HTML, safe to show, of
    the place where a search found it."""

    in_force_from: date
    in_force_to: date | None
    is_asked: bool
    acknowledged_at: AwareDatetime | None
    rank: int | None = None
    found: str | None = None

    @classmethod
    def seen(cls, it: Shown, **more: Any) -> Self:
        """As it is."""
        own = {key: value for key, value in vars(it).items() if key != "document"}
        return cls.model_validate(vars(it.document) | vars(it.document.card) | own | more)


class VersionOut(BaseModel):
    """A version; `text_state` `failed`: it is found by its name alone."""

    no: int
    file_id: UUID
    in_force_from: date
    in_force_to: date | None
    is_material: bool
    is_mandatory: bool
    acknowledge_by: AwareDatetime | None
    note: str
    published_at: AwareDatetime | None
    text_state: TextState

    @classmethod
    def of(cls, it: Version) -> Self:
        """As it is."""
        return cls.model_validate(vars(it) | vars(it.terms))


async def require_reader(tx: Tx, who: Principal) -> None:
    """An editor, or somebody with an open cabinet. Raises Forbidden, Conflict."""
    RIGHTS.require(who, "read", "document")
    if who.category is not None:
        require_open(await people.account(tx, who.account_id))


def require_newest(if_match: str | None, document: Document) -> None:
    """Raises Stale, with what is there, unless the newest version of the card is meant."""
    require_current(if_match, document.version, CardOut.of(document).model_dump(mode="json"))


def tagged(response: Response, document: Document) -> CardOut:
    """With its tag."""
    response.headers["ETag"] = etag(document.version)
    return CardOut.of(document)
