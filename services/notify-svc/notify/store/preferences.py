"""What people have chosen. Whoever changes it holds the lock of the account."""

import json
from collections.abc import Sequence
from uuid import UUID

from chassis.db import Row, Tx

from notify.domain.preferences import Preferences

_SAVE = """
INSERT INTO preference (account_id, kinds, digest_hour, lang, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id) DO UPDATE SET kinds = excluded.kinds, digest_hour = excluded.digest_hour,
    lang = excluded.lang, version = excluded.version
"""


async def preferences_of(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, Preferences]:
    """Of those who have chosen anything."""
    rows = await tx.fetch("SELECT * FROM preference WHERE account_id = ANY ($1::uuid[])", list(account_ids))
    return {row["account_id"]: _preferences(row) for row in rows}


async def save_preferences(tx: Tx, account_id: UUID, chosen: Preferences) -> None:
    """As they are from now on."""
    kinds = json.dumps(dict(chosen.kinds))
    await tx.execute(_SAVE, account_id, kinds, chosen.digest_hour, chosen.lang, chosen.version)


async def forget_preferences(tx: Tx, account_id: UUID) -> int:
    """Whether there were any."""
    return await tx.execute("DELETE FROM preference WHERE account_id = $1", account_id)


def _preferences(row: Row) -> Preferences:
    usual = Preferences.of(json.loads(row["kinds"]))
    return Preferences(usual.kinds, row["digest_hour"], row["lang"], row["version"])
