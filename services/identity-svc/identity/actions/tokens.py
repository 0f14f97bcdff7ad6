"""Tokens of city systems: OAuth 2.0 client credentials (RFC 6749, 4.4), the client shown by a signed assertion (RFC
7523). Takes the database: an assertion is counted as a failure before it is looked at, and what is refused stays
counted and on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from chassis.db import Database
from chassis.outbox import Tx

from identity.actions.attempts import count_guess
from identity.domain import systems as domain
from identity.domain.attempts import Delayed, at_the_token_endpoint
from identity.domain.audit import Entry
from identity.domain.credentials import digest
from identity.domain.systems import CitySystem, TokenRefused
from identity.gateways import Assertion, checked_assertion, who_asserts
from identity.store import attempts as attempt_store
from identity.store import audit, quotas
from identity.store import systems as store


@dataclass(frozen=True, slots=True)
class Asked:
    """What a system shows, from where (`source`), who it is for (`audiences`: any of them will do)."""

    assertion: str
    client_id: str
    scope: str
    source: str
    audiences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Granted:
    """A system and what its token is for."""

    system: CitySystem
    scopes: frozenset[str]


async def grant_token(database: Database, asked: Asked) -> Granted:
    """Whoever holds a key of the system gets a token of it. Raises TokenRefused, Delayed."""
    client = who_asserts(asked.assertion)
    counted = at_the_token_endpoint(database.secret, client, asked.source)
    async with database.transaction() as tx:
        await count_guess(tx, counted)
    async with database.transaction() as tx:
        system = await store.system_for_update(tx, client) if client else None
        try:
            assertion = await _proof(tx, system, asked)
            await attempt_store.take_back(tx, counted)
            return await _grant(tx, assertion, asked)
        except (TokenRefused, Delayed) as refused:
            if system:
                await audit.add_entry(tx, Entry("system-refused", None, system.id, details={"error": refused.code}))
            refusal: TokenRefused | Delayed = refused
    raise refusal


@dataclass(frozen=True, slots=True)
class _Shown:
    """A locked system whose key has signed."""

    system: CitySystem
    assertion: Assertion


async def _proof(tx: Tx, system: CitySystem | None, asked: Asked) -> _Shown:
    if system is None or asked.client_id not in ("", str(system.id)):
        raise TokenRefused("invalid_client", "iss and sub have to be the id of a registered system, client_id as well")
    keys = [key.jwk for key in system.keys]
    shown = _Shown(system, checked_assertion(asked.assertion, keys, asked.audiences, str(system.id), tx.now))
    mark = digest(tx.secret, "assertion", system.id, shown.assertion.jti).hex()
    if not await quotas.spend_challenge(tx, mark, shown.assertion.until):
        raise TokenRefused("invalid_client", "this assertion (jti) was used before")
    return shown


async def _grant(tx: Tx, shown: _Shown, asked: Asked) -> Granted:
    system = shown.system
    if system.state != "active":
        raise TokenRefused("unauthorized_client", f"this system is {system.state}")
    scopes = domain.granted(system, asked.scope)
    if await quotas.use(tx, digest(tx.secret, "tokens-of", system.id), domain.TOKENS_WITHIN) > domain.MOST_TOKENS:
        raise Delayed("too-many-tokens", ceil(domain.TOKENS_WITHIN.total_seconds()))
    await store.note_token(tx, system.id, tx.now)
    await audit.add_entry(tx, Entry("system-token", None, system.id, details={"scopes": " ".join(sorted(scopes))}))
    return Granted(system, scopes)
