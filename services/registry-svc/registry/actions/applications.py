"""Applications for entry: submit, decide, reply, withdraw, expire, forget.

Whoever may need the lock of a school's requisites takes it before the row of an application, or two approvals of
applications for one school would wait for each other.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts import ForNotify
from ekis_contracts.registry import SchoolApplicationSubmitted
from ekis_contracts.values import Tracking

from registry.actions.outcomes import reject_overtaken, tell_outcome
from registry.actions.schools import register_school
from registry.domain.applications import (
    CONSENT_VERSION,
    KEPT,
    OUTCOMES,
    SILENCE,
    ApplicantForm,
    Application,
    Decision,
    State,
    number_of,
    require_order,
    tracking_code,
)
from registry.domain.schools import SchoolForm
from registry.store import applications as store
from registry.store import schools as schools_store

ROUND = 100  # rows of background work in one transaction


async def submit_application(tx: Tx, school: SchoolForm, applicant: ApplicantForm, key: bytes) -> Application:
    """Take in an application. Raises Conflict if the school is registered, Invalid if the ground is incomplete."""
    require_order(applicant)
    await _require_unregistered(tx, school)
    number = number_of(await store.next_serial(tx), tx.now)
    application = Application(new_id(), number, 1, "submitted", school, applicant, tx.now)
    await store.insert_application(tx, application)
    await store.insert_consent(tx, application.application_id, CONSENT_VERSION)
    await store.insert_step(tx, application.application_id, "submitted")
    code = tracking_code(key, application.application_id)
    submitted = SchoolApplicationSubmitted(
        application_id=application.application_id,
        number=number,
        inn=school.inn,
        state=application.state,
        contact=ForNotify(applicant.contact),
        tracking=ForNotify(Tracking(to=applicant.email, tracking_code=code)),
    )
    publish(tx, submitted, application.version)
    return application


async def decide_application(tx: Tx, number: str, decision: Decision) -> Application:
    """Approve, reject or ask, taking it into review if nobody has. Raises Conflict, Invalid, NotFound."""
    decision.require_grounds()
    application = await (_locked_with_requisites if decision.verb == "approve" else _locked)(tx, number)
    application.require_undecided()
    if application.state == "submitted":
        application = await _step(tx, application, "in-review")
    outcome = OUTCOMES[decision.verb]
    application.require_step(outcome)
    if outcome == "approved":
        application = replace(application, school_id=await _register(tx, application))
    application = await _step(tx, application, outcome, decision.text, decision.reason, told=True)
    if outcome == "approved":
        await reject_overtaken(tx, application.school)
    return application


async def reply_to_question(tx: Tx, number: str, text: str, school: SchoolForm | None) -> Application:
    """The applicant answers, perhaps with the school's data corrected. Raises Conflict."""
    if school:
        await _require_unregistered(tx, school)
    application = await _locked(tx, number)
    application.require_step("submitted")
    return await _step(tx, replace(application, school=school or application.school), "submitted", text)


async def withdraw_application(tx: Tx, number: str) -> Application:
    """The applicant does not want it any more. Raises Conflict."""
    return await _step(tx, await _locked(tx, number), "withdrawn", told=True)


async def expire_applications(tx: Tx) -> int:
    """End those whose question nobody has answered. Returns how many ended."""
    silent = await store.silent_applications(tx, tx.now - SILENCE, ROUND)
    for application in silent:
        await _step(tx, application, "expired", told=True)
    return len(silent)


async def forget_applicants(tx: Tx) -> int:
    """Drop who applied, and what was written, once nobody can ask about it any more. Returns of how many."""
    over = await store.applications_over(tx, tx.now - KEPT, ROUND)
    await store.forget_applicants(tx, [replace(application, applicant=None) for application in over])
    await store.forget_notes(tx, [application.application_id for application in over])
    return len(over)


async def note_mails(tx: Tx, mails: Sequence[tuple[UUID, str]]) -> None:
    """Show on the timelines what became of the mails."""
    await store.insert_mail_steps(tx, mails)


async def _locked(tx: Tx, number: str) -> Application:
    application = await store.application_for_update(tx, number)
    if application is None:
        raise NotFound
    return application


async def _locked_with_requisites(tx: Tx, number: str) -> Application:
    """The application as the registrar has seen it. Raises Conflict if its school has been corrected meanwhile."""
    seen = await store.application_numbered(tx, number)
    if seen is None:
        raise NotFound
    await schools_store.lock_requisites(tx, seen.school.inn, seen.school.ogrn)
    application = await _locked(tx, number)
    if application.school != seen.school:
        raise Conflict("application-changed")
    return application


async def _step(
    tx: Tx,
    application: Application,
    state: State,
    note: str | None = None,
    reason: str | None = None,
    *,
    told: bool = False,
) -> Application:
    application.require_step(state)
    application = replace(application, state=state)
    version = await store.save_application(tx, application, published=told)
    application = replace(application, version=version)
    await store.insert_step(tx, application.application_id, state, note, reason)
    if told:
        tell_outcome(tx, application, state, reason)
    return application


async def _require_unregistered(tx: Tx, form: SchoolForm) -> None:
    """Takes the lock of the requisites, so that it stays so. Raises Conflict."""
    await schools_store.lock_requisites(tx, form.inn, form.ogrn)
    known = await schools_store.open_school_of(tx, form)
    if known:
        raise Conflict("school-already-registered", name=known.facts.full_name, school_id=str(known.school_id))


async def _register(tx: Tx, application: Application) -> UUID:
    people = [application.applied.entry]
    school = await register_school(tx, application.school, "application", people, "application")
    if school is None:
        await _require_unregistered(tx, application.school)
        raise Conflict("school-already-registered", name=application.school.full_name)
    return school.school_id
