"""Counting guesses before they are looked at, taking back the right ones, and starting anew when access is restored."""

from collections.abc import Sequence
from datetime import datetime

from chassis.db import Database
from chassis.errors import Unauthorized
from chassis.outbox import Tx

from identity.domain import attempts as domain
from identity.domain.accounts import Account
from identity.domain.attempts import Counted
from identity.domain.passwords import normal
from identity.gateways import Seat
from identity.store import attempts as store


async def count_guess(tx: Tx, counted: Sequence[Counted]) -> None:
    """One more failure everywhere, or none and Delayed. Of guesses that come at once each sees those before it."""
    tallies = await store.tallies_for_update(tx, counted)
    limits = [one.limit for one in counted]
    await store.save_levels(tx, counted, domain.guess(list(zip(tallies, limits, strict=True)), tx.now))


async def clear_attempts(tx: Tx, login: str) -> None:
    """Access to this login was restored: whatever was guessed at it before is forgotten."""
    await store.forget_login(tx, domain.login_mark(tx.secret, login))


async def delay_at_the_door(tx: Tx, account: Account) -> tuple[datetime, bool] | None:
    """Until when failed sign-ins hold up this login, and whether on every new device."""
    mark = domain.login_mark(tx.secret, account.login or "")
    held = await store.tallies_of_login(tx, mark)
    (inside,) = domain.once_inside(tx.secret, account.id, account.login or "")
    held.pop(inside.key, None)
    return domain.delayed_until(held, mark, tx.now)


async def prove_again(database: Database, seat: Seat, known: Account, password: str) -> None:
    """The current password of somebody signed in, counted as every guess is. Raises Unauthorized, Delayed."""
    counted = domain.once_inside(database.secret, known.id, known.login or "")
    async with database.transaction() as tx:
        await count_guess(tx, counted)
    if not await seat.fits(known.password_hash, normal(password)):
        raise Unauthorized("invalid-credentials")
    async with database.transaction() as tx:
        await store.take_back(tx, counted)
