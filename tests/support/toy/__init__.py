"""The smallest service that uses the chassis: it counts what it is told, and tells what it counted."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Conflict, WrongStep
from chassis.http import InTransaction, Once
from chassis.inbox import Reactions, Told, Tx
from chassis.outbox import new_id, publish
from chassis.service import Service
from chassis.settings import ServiceSettings
from ekis_contracts import Envelope
from ekis_contracts.cabinet import WorkplaceCompleted
from ekis_contracts.fields import Body, Email, PersonName
from ekis_contracts.identity import AccountErased
from ekis_contracts.registry import AccountRequestDeclined, AccountRequestVerified, StaffLeft
from fastapi import APIRouter
from fastapi import Path as InPath

router = APIRouter()
reactions = Reactions()

_COUNT = "UPDATE counted SET count = count + 1 WHERE id = $1 RETURNING count"
_COUNT_ALL = """
INSERT INTO counted (id, count) SELECT unnest($1::uuid[]), 1 ON CONFLICT (id) DO UPDATE SET count = counted.count + 1
"""


class ThingIn(Body):
    """A thing."""

    name: PersonName
    email: Email | None = None


@router.post("/things", status_code=202)
async def add_thing(body: ThingIn, tx: InTransaction, once: Once) -> dict[str, str]:
    """Add one."""

    async def add() -> str:
        thing_id = new_id()
        await tx.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", thing_id)
        publish(tx, StaffLeft(staff_id=thing_id, school_id=thing_id, reason=body.name), version=1)
        return str(thing_id)

    return {"id": await once.once(tx, add)}


@router.post("/things/{thing_id}/steps", status_code=202)
async def step_thing(thing_id: Annotated[UUID, InPath()], tx: InTransaction, once: Once) -> dict[str, str]:
    """Change one."""
    return {"version": await once.once(tx, lambda: take_step(tx, thing_id))}


async def take_step(tx: Tx, thing_id: UUID) -> str:
    """Raise the version under the row's lock, then publish it."""
    sql = "UPDATE counted SET version = version + 1 WHERE id = $1 RETURNING version"
    version = await tx.fetchval(sql, thing_id)
    publish(tx, StaffLeft(staff_id=thing_id, school_id=thing_id, reason="step"), version=version)
    return str(version)


@router.get("/things/{thing_id}")
async def read_thing(thing_id: Annotated[UUID, InPath()], tx: InTransaction, who: Caller) -> dict[str, int]:
    """Read one."""
    return {"count": await tx.fetchval("SELECT count FROM counted WHERE id = $1", thing_id)}


@router.post("/conflicts")
async def conflict(tx: InTransaction) -> None:
    """Write, then refuse."""
    await tx.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", new_id())
    raise Conflict("wrong-step", state="a", step="b")


@router.post("/bugs")
async def fail() -> None:
    """Break."""
    raise RuntimeError("a bug with a person's name in its text")


@reactions.on(StaffLeft)
async def count_leaving(tx: Tx, event: StaffLeft, envelope: Envelope) -> None:
    """One at a time; tells what it counted."""
    count = await tx.fetchval(_COUNT, event.staff_id)
    if event.reason == "bug":
        raise RuntimeError("a bug with a person's name in its text")
    if event.reason == "late":
        raise WrongStep("ended", "leave")
    if count:
        told = AccountRequestDeclined(request_id=event.staff_id, request_version=count, reason="counted")
        publish(tx, told, version=count)


@reactions.on_batch(AccountErased)
async def count_erased(tx: Tx, told: list[Told]) -> None:
    """All at once."""
    if any(one.event.post == "bug" for one in told):
        raise RuntimeError("a bug in one of them")
    await tx.execute(_COUNT_ALL, [one.event.account_id for one in told])


@reactions.on(WorkplaceCompleted)
async def open_workplace(tx: Tx, event: WorkplaceCompleted, envelope: Envelope) -> None:
    """Needs what is sealed."""
    tx.seals.open(event.work)
    await tx.execute(_COUNT_ALL, [event.account_id])


@reactions.on(AccountRequestVerified)
async def hear_verified(tx: Tx, event: AccountRequestVerified, envelope: Envelope) -> None:
    """One half of a pair."""
    await hear(tx, event.request_id, "verified", "declined")


@reactions.on(AccountRequestDeclined)
async def hear_declined(tx: Tx, event: AccountRequestDeclined, envelope: Envelope) -> None:
    """The other half."""
    await hear(tx, event.request_id, "declined", "verified")


async def lock_subject(tx: Tx, subject: UUID) -> None:
    """Whoever is told of the same subject waits here, also when nobody knew of it yet."""
    await tx.execute("INSERT INTO met (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = excluded.id", subject)


async def hear(tx: Tx, subject: UUID, word: str, other: str) -> None:
    """When the second word of two is heard, they meet."""
    await lock_subject(tx, subject)
    await tx.execute("INSERT INTO heard VALUES ($1, $2) ON CONFLICT DO NOTHING", subject, word)
    if await tx.fetchval("SELECT true FROM heard WHERE id = $1 AND word = $2", subject, other):
        sql = "INSERT INTO met VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET times = met.times + 1"
        await tx.execute(sql, subject)


service = Service("registry", ServiceSettings, Path(__file__).parent, router, reactions)
