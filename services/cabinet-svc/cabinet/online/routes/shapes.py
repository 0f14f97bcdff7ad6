"""Bodies and answers that several routes of online learning share."""

from typing import Annotated, Self
from uuid import UUID

from ekis_contracts.fields import filled, line
from pydantic import AfterValidator, AwareDatetime, BaseModel, StringConstraints, TypeAdapter

from cabinet.files.domain import Kind
from cabinet.online.domain.links import https_link
from cabinet.online.domain.works import Assignment

BY_ID = TypeAdapter(tuple[UUID])
HttpsLink = Annotated[
    str,
    StringConstraints(max_length=1000),
    AfterValidator(line),
    AfterValidator(filled),
    AfterValidator(https_link),
]


class MaterialOut(BaseModel):
    """A link (`url`), or a file with its name, kind and size in bytes."""

    material_id: UUID
    title: str
    url: str | None
    file_name: str | None
    kind: Kind | None
    size: int | None


class AssignmentOut(BaseModel):
    """What is to be handed in by when."""

    assignment_id: UUID
    version: int
    title: str
    text: str | None
    due: AwareDatetime

    @classmethod
    def of(cls, it: Assignment) -> Self:
        """As it is set."""
        return cls.model_validate(vars(it) | {"text": it.body})
