"""Codes of mails, shown by whoever reads them."""

from typing import Annotated

from chassis.http import InTransaction
from ekis_contracts.fields import Body
from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from identity.actions.confirming import confirm
from identity.domain.confirmations import Purpose

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
async def show_code(body: CodeIn, tx: InTransaction) -> Confirmed:
    """Do what the code was mailed for; it works once."""
    done = await confirm(tx, body.purpose, body.code)
    return Confirmed(state=done.state, ticket=done.ticket)
