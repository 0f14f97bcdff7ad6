"""City systems, for admins."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller
from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after_id, etag, require_match
from ekis_contracts.fields import Body, Email, Line, LongLine
from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from identity.actions import systems as actions
from identity.domain.systems import CitySystem, Scope, SystemAct, SystemState, Terms
from identity.gateways import public_key
from identity.rights import RIGHTS
from identity.routes.edge import Proven
from identity.store import systems as store

router = APIRouter(prefix="/systems", tags=["city systems"])

Scopes = Annotated[frozenset[Scope], Field(min_length=1)]


def _public(text: str) -> str:
    public_key(text)
    return text


# JWK, JWK set of one, or PEM; the public part alone
PublicKey = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_public)]


class SystemIn(Body):
    """A new system; `contact` is the address of who answers for it."""

    name: Line
    contact: Email
    key: PublicKey
    scopes: Scopes


class SystemPatch(Body):
    """What is to be changed; what is left out stays."""

    name: Line | None = None
    contact: Email | None = None
    scopes: Scopes | None = None


class KeyIn(Body):
    """One more key."""

    key: PublicKey


class SystemReason(Body):
    """The ground of an act."""

    reason: LongLine


class SystemOut(BaseModel):
    """A system. The contact is for admins; `keys` are the thumbprints (RFC 7638) of its public keys."""

    system_id: UUID
    name: str
    contact: str | None
    scopes: list[str]
    state: SystemState
    keys: list[str]
    version: int
    registered_at: datetime
    last_token_at: datetime | None

    @classmethod
    def of(cls, system: CitySystem, *, contact: bool) -> Self:
        """As it stands."""
        terms, fields = system.terms, ("state", "version", "registered_at", "last_token_at")
        return cls(
            system_id=system.id,
            name=terms.name,
            contact=terms.contact if contact else None,
            scopes=sorted(terms.scopes),
            keys=[key.kid for key in system.keys],
            **{field: getattr(system, field) for field in fields},
        )


class Systems(BaseModel):
    """A page of them, the oldest first."""

    items: list[SystemOut]
    next: str | None


async def _shown(tx: InTransaction, system_id: UUID, response: Response, *, contact: bool = True) -> SystemOut:
    system = await actions.known_system(tx, system_id)
    response.headers["ETag"] = etag(system.version)
    return SystemOut.of(system, contact=contact)


async def _locked(system_id: UUID, who: Proven, tx: InTransaction, match: IfMatch = None) -> CitySystem:
    RIGHTS.require(who, "write", "system")
    system = await actions.locked_system(tx, system_id)
    current = SystemOut.of(system, contact=True).model_dump(mode="json", exclude={"version"})
    require_match(match, system.version, **current)
    return system


Locked = Annotated[CitySystem, Depends(_locked, scope="function")]


@router.get("", response_model=Systems)
async def list_systems(who: Caller, tx: InTransaction, page: InPage) -> dict[str, Any]:
    """All systems, ended ones too."""
    RIGHTS.require(who, "read", "system")
    found = await store.systems(tx, after_id(page), page.limit)
    items = [SystemOut.of(system, contact="admin" in who.roles).model_dump() for system in found]
    return page.answer(items, "system_id")


@router.get("/{system_id}")
async def read_system(system_id: UUID, who: Caller, tx: InTransaction, response: Response) -> SystemOut:
    """One system."""
    RIGHTS.require(who, "read", "system")
    return await _shown(tx, system_id, response, contact="admin" in who.roles)


@router.post("", status_code=201)
async def register_system(body: SystemIn, who: Proven, tx: InTransaction, once: Once, response: Response) -> SystemOut:
    """A new system; its id is the `client_id` of its tokens."""
    RIGHTS.require(who, "write", "system")

    async def register() -> str:
        terms = Terms(body.name, body.contact, body.scopes)
        return str((await actions.register_system(tx, terms, public_key(body.key), who.account_id)).id)

    return await _shown(tx, UUID(await once.once(tx, register)), response)


@router.patch("/{system_id}")
async def change_system(
    system: Locked, body: SystemPatch, who: Caller, tx: InTransaction, response: Response
) -> SystemOut:
    """Other words or scopes. Fewer scopes end its tokens, more come with the next one."""
    terms = replace(system.terms, **body.model_dump(exclude_none=True))
    await actions.change_system(tx, system, terms, who.account_id)
    return await _shown(tx, system.id, response)


@router.post("/{system_id}/keys")
async def add_key(system: Locked, body: KeyIn, who: Caller, tx: InTransaction, response: Response) -> SystemOut:
    """A second key, so that the system can go over to it."""
    await actions.add_key(tx, system, public_key(body.key), who.account_id)
    return await _shown(tx, system.id, response)


@router.delete("/{system_id}/keys/{kid}")
async def remove_key(system: Locked, kid: str, who: Caller, tx: InTransaction, response: Response) -> SystemOut:
    """Take no assertion of this key any more. Tokens it has brought end by themselves: suspend first if it was lost."""
    await actions.remove_key(tx, system, kid, who.account_id)
    return await _shown(tx, system.id, response)


def _step(act: SystemAct, meaning: str) -> None:
    @router.post(f"/{{system_id}}/{act}", name=f"{act}_system", description=meaning)
    async def step(system: Locked, body: SystemReason, who: Caller, tx: InTransaction, response: Response) -> SystemOut:
        await actions.act_on_system(tx, system, act, who.account_id, body.reason)
        return await _shown(tx, system.id, response)


_step("suspend", "Refuse its tokens, everywhere, until it is resumed.")
_step("resume", "Let it ask for tokens again.")
_step("end", "End it for good; its name is free again.")
