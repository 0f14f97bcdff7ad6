"""Who works at the school and has a cabinet: to be named in loads, by the head; to be known by name, by all."""

from typing import Annotated, Any

from chassis.http import InTransaction
from chassis.paging import InPage, after
from fastapi import APIRouter

from cabinet.diary.routes.desk import BY_ID, Desk, may
from cabinet.people import store as people

router = APIRouter()


@router.get("/teachers")
async def list_teachers(
    page: InPage, tx: InTransaction, desk: Annotated[Desk, may("read", "teacher")]
) -> dict[str, Any]:
    """Accounts of the own school with names and posts."""
    last = after(page, BY_ID)
    found = await people.colleagues(tx, desk.school_id, last[0] if last else None, page.limit)
    return page.answer([{**one, "account_id": str(one["account_id"])} for one in found], "account_id")
