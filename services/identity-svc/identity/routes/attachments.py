"""Files of tickets: taken as they are, handed out so that no browser opens them by itself."""

import hmac
from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from chassis.errors import NotFound
from chassis.http import BODY_LIMIT_MARK, InTransaction
from chassis.idempotency import Repeatable
from chassis.outbox import Tx
from ekis_contracts.fields import line
from fastapi import APIRouter, File, Header, HTTPException, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from identity.actions import tickets as actions
from identity.domain.attachments import MEGABYTES
from identity.routes.threads import Access, DeskPage, InAccess, TicketPage, page
from identity.store import attachments as store

router = APIRouter(prefix="/support/tickets/{number}/attachments", tags=["support desk"])

LONGEST_NAME = 200
Uploaded = Annotated[UploadFile, File(description="PNG, JPEG, PDF or text, 10 MB at most")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


def _name(file: UploadFile) -> str:
    try:
        return line(file.filename or "")[-LONGEST_NAME:]
    except ValueError:
        return ""


async def _content(file: UploadFile) -> bytes:
    content = await file.read()
    if len(content) > MEGABYTES * 2**20:
        raise HTTPException(413, {"limit": MEGABYTES})
    return content


# One more, for what a form puts around the file
@router.post("", openapi_extra={BODY_LIMIT_MARK: MEGABYTES + 1})
async def attach_file(
    file: Uploaded, access: InAccess, http: Request, tx: InTransaction, key: Key = None
) -> DeskPage | TicketPage:
    """A file beside the thread: 10 at most, and what they are is told by their bytes."""
    content = await _content(file)
    said = hmac.digest(tx.secret, _name(file).encode() + b"\0" + content, "sha256")
    once = Repeatable(f"POST attachments {access.ticket.number} {access.author}", key, said)
    await once.once(tx, partial(_attach, tx, access, _name(file), content))
    return await page(http, tx, access)


async def _attach(tx: Tx, access: Access, name: str, content: bytes) -> str:
    return str((await actions.attach(tx, access.ticket.id, access.author, name, content)).id)


@router.get("/{attachment_id}", response_class=Response)
async def read_file(attachment_id: UUID, access: InAccess, tx: InTransaction) -> Response:
    """The file, to be saved and not shown."""
    found = await store.attachment(tx, access.ticket.id, attachment_id)
    if found is None:
        raise NotFound
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found[0].name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(found[1], media_type=found[0].media_type, headers=headers)
