"""ExamResults as those read them who are entitled: the head all of the school, a teacher those of the own subjects."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import NotFound
from chassis.http import InTransaction, Runtime
from chassis.outbox import Tx
from chassis.paging import InPage, after
from chassis.problems import language, text_of
from ekis_tables.writing import BOM, csv_lines
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from cabinet.exams.actions import results as actions
from cabinet.exams.domain.dictionary import exam_named, exam_of
from cabinet.exams.domain.results import Result, Seen, cells
from cabinet.exams.domain.summary import averages, distribution
from cabinet.exams.routes.shapes import (
    Exactly,
    ExamAverageOut,
    ExamBandOut,
    ExamResultOut,
    ExamResults,
    ExamSetOut,
    ExamSets,
    ExamSummary,
    ExamVersionOut,
    ExamVersions,
    FamiliarisationIn,
    KnownResults,
    Wanted,
)  # fmt: skip
from cabinet.exams.store import results as store
from cabinet.people import store as people
from cabinet.people.routes import called
from cabinet.rights import RIGHTS

router = APIRouter()

CSV_ROWS = 1_000  # in the memory at once
_CSV = (
    *("exam", "year", "subject", "code", "primary_score", "test_score", "mark", "status", "version", "appeal_until"),
    *("familiarised_at", "familiarised_by"),
)
_PLACE = TypeAdapter(tuple[UUID, str])
_STATES = ("approved", "changed", "annulled")


async def _seen(who: Principal, tx: Tx, wanted: Wanted, verb: Literal["read", "write"] = "read") -> Seen:
    """Raises Forbidden, NotFound, Conflict while the cabinet or (to write) the school is closed, Invalid."""
    reach = RIGHTS.reach(who, verb, "exam-result")
    (await people.standing(tx, who.account_id)).require(writing=verb == "write")
    if who.school_id is None:
        raise NotFound
    exam = exam_named(wanted.exam) if wanted.exam else None
    subject = exam_of(exam, wanted.subject).subject if exam and wanted.subject else wanted.subject
    sets = await store.sets_of_school(tx, who.school_id, exam, wanted.year, subject)
    return await actions.seen_by(tx, who.account_id, who.school_id, is_teacher=reach == "own", wanted=sets)


async def _asked(wanted: Annotated[Wanted, Query()], who: Caller, tx: InTransaction) -> Seen:
    return await _seen(who, tx, wanted)


async def _whole(who: Caller, tx: InTransaction) -> Seen:
    return await _seen(who, tx, Wanted())


async def _writing(who: Caller, tx: InTransaction) -> Seen:
    return await _seen(who, tx, Wanted(), "write")


Asked = Annotated[Seen, Depends(_asked)]
Whole = Annotated[Seen, Depends(_whole)]
Writing = Annotated[Seen, Depends(_writing)]


@router.get("/exam-results", response_model=ExamResults)
async def list_results(request: Request, seen: Asked, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """Of the own school."""
    listed = await store.results_page(tx, seen.school_id, seen.set_ids, after(page, _PLACE), page.limit)
    return page.answer([_shown(request, one).model_dump() for one in listed], "set_id", "code")


def _shown(request: Request, it: Result) -> ExamResultOut:
    return ExamResultOut.of(it, _by(request, it))


def _by(request: Request, it: Result) -> str | None:
    who = it.familiarised
    return called(request.app.state.runtime.texts, language(request), who.name, who.former_no) if who else None


@router.get("/exam-results/sets")
async def list_sets(seen: Whole, tx: InTransaction) -> ExamSets:
    """Exams of which the caller sees results."""
    return ExamSets(items=[ExamSetOut.of(one) for one in await actions.held_sets(tx, seen)])


@router.get("/exam-results/summary")
async def read_summary(wanted: Annotated[Exactly, Query()], who: Caller, tx: InTransaction) -> ExamSummary:
    """Average and distribution of the own school, beside the district and the city."""
    of = exam_of(wanted.exam, wanted.subject)
    seen = await _seen(who, tx, Wanted(**wanted.model_dump()))
    if not seen.sets:
        raise NotFound
    (one,) = seen.sets
    names = ("school", "district", "city")
    groups = averages(*(await store.groups(tx, one.set_id, seen.school_id)))
    bands = distribution(await store.counts_by_score(tx, one.set_id, seen.school_id, of.score), of.score)
    own: Any = {name: ExamAverageOut.of(group) for name, group in zip(names, groups, strict=True)}
    own["distribution"] = [ExamBandOut.of(band) for band in bands or ()]
    return ExamSummary(exam=one.exam, year=one.year, subject=one.subject, score=of.score, **own)


@router.get("/exam-results.csv", response_class=StreamingResponse)
async def export(request: Request, seen: Asked) -> StreamingResponse:
    """The same as the list, as CSV (UTF-8 with BOM, `;`), for the school's own use."""
    headers = {"Content-Disposition": 'attachment; filename="exam-results.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(_lines(request, seen), media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(request: Request, seen: Seen) -> AsyncIterator[str]:
    runtime: Runtime = request.app.state.runtime
    words = _words(request)
    last: tuple[UUID, str] | None = None
    yield BOM + csv_lines([[words["confidential"]], [words[f"column-{name}"] for name in _CSV]])
    while True:
        async with runtime.database.transaction() as tx:
            listed = await store.results_page(tx, seen.school_id, seen.set_ids, last, CSV_ROWS)
        if not listed:
            return
        yield csv_lines([cells(one, words, _by(request, one)) for one in listed])
        last = listed[-1].set_id, listed[-1].code


def _words(request: Request) -> Mapping[str, str]:
    names = ("confidential", *(f"column-{name}" for name in _CSV))
    said = {name: f"exam-{name}" for name in names} | {state: f"exam-state-{state}" for state in _STATES}
    texts, lang = request.app.state.runtime.texts, language(request)
    return {name: text_of(texts, code, lang, {}) for name, code in said.items()}


@router.get("/exam-results/{result_id}/versions")
async def list_versions(result_id: UUID, seen: Whole, tx: InTransaction) -> ExamVersions:
    """What a result was and is, and why it changed."""
    return ExamVersions(items=[ExamVersionOut.of(one) for one in await actions.known_versions(tx, seen, result_id)])


@router.post("/exam-results/familiarisations")
async def familiarise(body: FamiliarisationIn, request: Request, seen: Writing, tx: InTransaction) -> KnownResults:
    """The pupils know these versions of their results: who says so and when is kept; said again, the first counts."""
    told = [(one.result_id, one.version) for one in body.results]
    return KnownResults(items=[_shown(request, one) for one in await actions.familiarise(tx, seen, told)])
