"""Reviewing an application beside what the registry knows."""

from chassis.errors import NotFound
from chassis.outbox import Tx

from registry.actions.search import find_schools
from registry.domain.review import Review, likenesses
from registry.domain.search import Query
from registry.store import applications as store
from registry.store import schools as schools_store
from registry.store.search import Wanted, plan_for_these

MOST = 50  # schools of the same requisites, phone or address; applications
ALIKE = 5  # schools of a name alike


async def review_application(tx: Tx, number: str) -> Review:
    """The application, the schools it may be about, other open applications of its INN or OGRN. Raises NotFound."""
    application = await store.application_numbered(tx, number)
    if application is None:
        raise NotFound
    await plan_for_these(tx)
    form = application.school
    known = await schools_store.schools_like(tx, form, MOST)
    alike = await find_schools(tx, Query(f"{form.short_name} {form.full_name}"), Wanted(), None, ALIKE)
    others = await store.open_applications_of(tx, form, MOST)
    rest = [other for other in others if other.application_id != application.application_id]
    return Review(application, likenesses(application, known, [school for _, school in alike]), rest)
