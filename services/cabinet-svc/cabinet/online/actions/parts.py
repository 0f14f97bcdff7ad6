"""Materials, assignments and attendance of an online lesson."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.db import new_id
from chassis.errors import Conflict, FieldError, Invalid, NotFound
from chassis.outbox import Tx

from cabinet.files import store as files
from cabinet.files.actions import attach_file, known_file
from cabinet.files.domain import File
from cabinet.online.domain.lessons import Lesson
from cabinet.online.domain.works import MOST_ASSIGNMENTS, MOST_MATERIALS, Assignment, Material
from cabinet.online.store import lessons
from cabinet.online.store import parts as store


async def add_material(tx: Tx, account_id: UUID, lesson: Lesson, given: Mapping[str, Any]) -> UUID:
    """A link, or a file that this account has uploaded. Raises WrongStep, Conflict, Invalid."""
    lesson.require_standing()
    if await store.count_materials(tx, lesson.lesson_id) >= MOST_MATERIALS:
        raise Conflict("too-many-materials", most=MOST_MATERIALS)
    url, file_id, title = given["url"], given["file_id"], given["title"]
    if (url is None) == (file_id is None):
        raise Invalid("link-or-file", "/url")
    if file_id is not None:
        title = title or (await attach_file(tx, file_id, account_id)).name
    material = Material(new_id(), lesson.lesson_id, title or url, url, file_id)
    await store.insert_material(tx, material)
    return material.material_id


async def known_material(tx: Tx, lesson_id: UUID, material_id: UUID) -> Material:
    """Raises NotFound."""
    material = await store.material(tx, lesson_id, material_id)
    if material is None:
        raise NotFound
    return material


async def material_file(tx: Tx, lesson_id: UUID, material_id: UUID) -> File:
    """Raises NotFound, for a link too."""
    material = await known_material(tx, lesson_id, material_id)
    if material.file_id is None:
        raise NotFound
    return await known_file(tx, material.file_id)


async def remove_material(tx: Tx, material: Material) -> None:
    """Gone, and its file in a day."""
    await store.delete_material(tx, material.material_id)
    if material.file_id is not None:
        await files.detach_file(tx, material.file_id)


async def set_assignment(tx: Tx, lesson: Lesson, values: Mapping[str, Any]) -> UUID:
    """Something to be done. Raises WrongStep, Conflict, Invalid."""
    lesson.require_standing()
    if len(await store.assignments(tx, lesson.lesson_id)) >= MOST_ASSIGNMENTS:
        raise Conflict("too-many-assignments", most=MOST_ASSIGNMENTS)
    assignment = Assignment(new_id(), lesson.lesson_id, **values)
    assignment.require_due(tx.now)
    await store.insert_assignment(tx, assignment)
    return assignment.assignment_id


async def known_assignment(tx: Tx, lesson_id: UUID, assignment_id: UUID) -> Assignment:
    """Raises NotFound."""
    found = [one for one in await store.assignments(tx, lesson_id) if one.assignment_id == assignment_id]
    if not found:
        raise NotFound
    return found[0]


async def change_assignment(tx: Tx, lesson: Lesson, assignment: Assignment, values: dict[str, Any]) -> Assignment:
    """Other words, another deadline. Raises WrongStep, Invalid."""
    lesson.require_standing()
    changed = replace(assignment, **values, version=assignment.version + 1)
    if changed.due != assignment.due:
        changed.require_due(tx.now)
    await store.update_assignment(tx, changed)
    return changed


async def save_attendance(tx: Tx, lesson: Lesson, present: Mapping[UUID, bool]) -> Lesson:
    """Who was there. Raises Conflict, Invalid for each who was not in the classes that day."""
    lesson.require_begun(tx.now)
    known = {one["pupil_id"] for one in await store.attendance(tx, lesson.lesson_id, None, lesson.day)}
    strangers = [place for place, pupil_id in enumerate(present) if pupil_id not in known]
    if strangers:
        refused = Invalid("pupil-not-in-class", f"/pupils/{strangers[0]}/pupil_id")
        refused.errors = [FieldError(f"/pupils/{place}/pupil_id", "pupil-not-in-class") for place in strangers]
        raise refused
    await store.save_attendance(tx, lesson.lesson_id, present)
    seen = replace(lesson, attendance_version=lesson.attendance_version + 1)
    await lessons.save(tx, seen)
    return seen
