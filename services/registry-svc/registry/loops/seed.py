"""`registry seed`: puts the generated city into the registry, through actions and the outbox like any other school."""

import sys
from collections.abc import Sequence
from itertools import islice

from chassis.http import Runtime

from registry.actions.schools import register_school
from registry.domain.city import DEMO, SCHOOLS, SeededSchool, city
from registry.domain.names import full_name
from registry.store import schools as store

CHUNK = 250  # schools in one transaction


async def seed(runtime: Runtime, _: Sequence[str]) -> None:
    """Register what is missing; a school that is there stays as it is."""
    schools, done, new = city(), 0, 0
    while chunk := list(islice(schools, CHUNK)):
        new += await _register(runtime, chunk)
        done += len(chunk)
        sys.stderr.write(f"\rregistry seed: {done} of {SCHOOLS} schools, {new} new")
    sys.stderr.write("\n")
    sys.stdout.write("".join(_guide()))


async def _register(runtime: Runtime, chunk: Sequence[SeededSchool]) -> int:
    async with runtime.database.transaction() as tx:
        known = await store.registered_inns(tx, [school.form.inn for school in chunk])
        missing = [school for school in chunk if school.form.inn not in known]
        made = [await register_school(tx, school.form, "feed", school.people, "feed") for school in missing]
    return sum(school is not None for school in made)


def _guide() -> list[str]:
    """The invented people to try first."""
    form = next(city()).form
    school = f"Demo people of {form.short_name} (INN {form.inn}, KPP {form.kpp}, OGRN {form.ogrn}):\n"
    people = [
        f"  {full_name(one.entry.name)}, {one.entry.post}, {one.entry.email or '-'}: {one.shows}\n" for one in DEMO
    ]
    return [school, *people]
