"""Codes of mails, shown by whoever reads them."""

from typing import Annotated

from ekis_contracts.fields import Body
from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from identity.actions import confirming as actions
from identity.domain.confirmations import Purpose
from identity.routes.edge import FromSource, InRuntime

router = APIRouter(tags=["support desk"])


class CodeIn(Body):
    """A code as it was mailed or read aloud, and what for."""

    purpose: Purpose
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Confirmed(BaseModel):
    """`restored`: credentials are on their way; `changed`: the address is the new one; `checked`: the desk may act."""

    state: str
    ticket: str | None


@router.post("/confirmations")
async def show_code(body: CodeIn, runtime: InRuntime, source: FromSource) -> Confirmed:
    """Do what the code was mailed for; it works once. Too many wrong ones from one source have to wait."""
    done = await actions.show_code(runtime.database, source, body.purpose, body.code)
    return Confirmed(state=done.state, ticket=done.ticket)
