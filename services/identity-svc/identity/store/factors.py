"""Second factors. All that changes one holds the row lock of its account."""

from uuid import UUID

from chassis.outbox import Tx

from identity.domain.factors import Factor

_FIELDS = tuple(Factor.__dataclass_fields__)
_PLACES = ", ".join(f"${place}" for place in range(1, len(_FIELDS) + 1))
_SAVE = f"""
INSERT INTO second_factor ({", ".join(_FIELDS)}) VALUES ({_PLACES})
ON CONFLICT (account_id) DO UPDATE SET ({", ".join(_FIELDS)}) = ({", ".join(f"excluded.{one}" for one in _FIELDS)})
"""  # noqa: S608 - names of our own columns


async def factor(tx: Tx, account_id: UUID) -> Factor | None:
    """The account's second factor, live or only begun."""
    row = await tx.fetchrow("SELECT * FROM second_factor WHERE account_id = $1", account_id)
    return Factor(**row) if row else None


async def save_factor(tx: Tx, kept: Factor) -> None:
    """Keep it as it is now."""
    await tx.execute(_SAVE, *(getattr(kept, field) for field in _FIELDS))


async def drop_factor(tx: Tx, account_id: UUID) -> None:
    """Forget it with all its codes."""
    await tx.execute("DELETE FROM second_factor WHERE account_id = $1", account_id)
