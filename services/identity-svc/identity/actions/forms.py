"""Public forms of sources that file many: a solved challenge for each."""

from chassis.outbox import Tx

from identity.domain.credentials import digest
from identity.domain.forms import FORMS_WITHIN, ProofRequired
from identity.gateways import solved_challenge
from identity.store import quotas as store


async def file_form(tx: Tx, source: str, quiet: int, solution: str) -> None:
    """Count a form of this source. Raises ProofRequired beyond `quiet` an hour, unless it brings a fresh solution."""
    used = await store.use(tx, digest(tx.secret, "forms-of", source), FORMS_WITHIN)
    if used <= quiet:
        return
    solved = solved_challenge(tx.secret, solution, tx.now)
    if solved is None or not await store.spend_challenge(tx, solved.signature, solved.until):
        raise ProofRequired
