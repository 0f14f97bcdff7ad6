"""What becomes of applications, told to their applicants; and whom a registration overtakes."""

from typing import Any

from chassis.outbox import Tx, publish
from ekis_contracts import ForNotify
from ekis_contracts.registry import SchoolApplicationDecided
from ekis_contracts.values import SchoolFacts

from registry.domain.applications import OVERTAKEN, Application
from registry.domain.schools import SchoolForm
from registry.store import applications as store


async def reject_overtaken(tx: Tx, *schools: SchoolForm | SchoolFacts) -> None:
    """Reject what is open for schools that are registered now. The caller holds the locks of their requisites."""
    rejected = await store.reject_overtaken(tx, schools)
    await store.insert_steps(tx, [one.application_id for one in rejected], "rejected", OVERTAKEN)
    for application in rejected:
        tell_outcome(tx, application, "rejected", OVERTAKEN)


def tell_outcome(tx: Tx, application: Application, decision: Any, reason: str | None) -> None:
    """Let the applicant know of a state that somebody, or time, has brought."""
    decided = SchoolApplicationDecided(
        application_id=application.application_id,
        number=application.number,
        decision=decision,
        reason=reason,
        school_id=application.school_id,
        contact=ForNotify(application.applied.contact),
    )
    publish(tx, decided, application.version)
