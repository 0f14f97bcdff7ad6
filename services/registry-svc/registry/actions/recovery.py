"""After the database came back from a backup: schools, the roll and verdicts as registry has told of them since."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts import Event
from ekis_contracts.registry import (
    AccountRequestDeclined,
    AccountRequestVerified,
    SchoolApplicationDecided,
    SchoolApplicationSubmitted,
    StaffChanged,
    StaffLeft,
)
from ekis_contracts.values import SchoolFacts, StaffFacts

from registry.domain import recovery as domain
from registry.domain.schools import Details, School
from registry.store import recovery as store
from registry.store.applications import insert_application
from registry.store.schools import insert_school, school_for_update

Missed = Mapping[UUID, Sequence[tuple[int, Event]]]  # what was said since the backup, with its versions in their order


async def recover(tx: Tx, known: Mapping[UUID, int], missed: Missed) -> Mapping[str, int]:
    """Schools first, then the roll, then verdicts: each is about the one before. Versions of known rows are raised."""
    done: Counter[str] = Counter()
    told = {key: [event for _, event in events] for key, events in missed.items()}
    numbers = [one.number for events in told.values() for one in events if isinstance(one, SchoolApplicationSubmitted)]
    await store.skip_numbers(tx, max([int(number.rpartition("-")[2]) for number in numbers], default=1))
    for key, events in told.items():
        if facts := domain.newest(events, SchoolFacts):
            done[await _bring_school(tx, facts, missed[key][-1][0])] += 1
    for key, events in told.items():
        if any(isinstance(one, StaffFacts | StaffLeft) for one in events):
            done[await _bring_staff(tx, key, known, events, missed[key][-1][0])] += 1
    for key, events in told.items():
        if verdict := domain.newest(events, AccountRequestVerified | AccountRequestDeclined):
            done["requests decided again"] += await _decide_again(tx, verdict)
        elif domain.newest(events, SchoolApplicationSubmitted | SchoolApplicationDecided):
            done[await _bring_application(tx, key, known, events, missed[key][-1][0])] += 1
    return done


async def _bring_school(tx: Tx, facts: SchoolFacts, version: int) -> str:
    own = SchoolFacts(**{field: getattr(facts, field) for field in SchoolFacts.model_fields})
    if await school_for_update(tx, facts.school_id):
        await store.bring_school_forward(tx, own)
        return "schools brought forward"
    await insert_school(tx, School(version, own, Details()))
    return "schools brought back"


async def _bring_staff(tx: Tx, staff_id: UUID, known: Mapping[UUID, int], events: Sequence[Event], version: int) -> str:
    """A name is sealed to others: who is newer than the backup is nameless until somebody enters it."""
    facts, left = domain.newest(events, StaffFacts), domain.newest(events, StaffLeft)
    if staff_id not in known:
        if facts:
            await store.insert_nameless(tx, facts, version)
    elif facts:
        await store.bring_staff_forward(tx, facts)
    if left:
        await store.end_again(tx, staff_id, left.reason)
        return "staff records ended again"
    if staff_id not in known:
        return "staff records without a name: enter it"
    if any(isinstance(one, StaffChanged) and "name" in one.changed for one in events):
        return "staff records whose name was changed since: look at it"
    return "staff records brought forward"


async def _decide_again(tx: Tx, verdict: AccountRequestVerified | AccountRequestDeclined) -> int:
    """Told of the request again, registry answers the same: the roll may know the person by no name any more."""
    if isinstance(verdict, AccountRequestVerified):
        return await store.verify_again(tx, verdict)
    return await store.decline_again(tx, verdict)


async def _bring_application(
    tx: Tx, application_id: UUID, known: Mapping[UUID, int], events: Sequence[Event], version: int
) -> str:
    """Whoever has applied since reads how it stands, or that it is over; who it was is sealed to notify."""
    decided = domain.newest(events, SchoolApplicationDecided)
    school_id = decided.school_id if decided else None
    if application_id in known:
        if decided:
            await store.decide_again(tx, application_id, decided.decision, school_id)
        return "applications brought forward"
    submitted = domain.newest(events, SchoolApplicationSubmitted)
    if submitted:
        await insert_application(tx, domain.lost_application(submitted, decided, version, tx.now))
    return "applications lost, and closed"
