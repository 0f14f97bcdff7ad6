"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a repeated POST makes no second thing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.db import Tx
from chassis.errors import Invalid

_FIRST = """INSERT INTO idempotency_key (scope, key, fingerprint, at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING key"""
_ANSWER = "UPDATE idempotency_key SET answer = $3 WHERE scope = $1 AND key = $2"
_ANSWERED = "SELECT fingerprint, answer FROM idempotency_key WHERE scope = $1 AND key = $2"


@dataclass(frozen=True)
class Repeatable:
    """One keyed request: who asks what (`scope`: a key counts for one caller and one route), its key, and the body
    under the service's own key."""

    scope: str
    key: str | None
    fingerprint: bytes

    async def once(self, tx: Tx, work: Callable[[], Awaitable[str]]) -> str:
        """Do the work, or give the reference it returned the first time; routes derive secrets from that again.

        A concurrent twin waits for the first to commit. Raises Invalid when the key was used for another body.
        """
        if self.key is None:
            return await work()
        if await tx.fetchval(_FIRST, self.scope, self.key, self.fingerprint, tx.now):
            answer = await work()
            await tx.execute(_ANSWER, self.scope, self.key, answer)
            return answer
        row = await tx.fetchrow(_ANSWERED, self.scope, self.key)
        if row is None or row["fingerprint"] != self.fingerprint:
            raise Invalid("idempotency-key-reused")
        return str(row["answer"])
