"""Applications for entry in the database."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import SchoolFacts

from registry.domain.applications import ApplicantForm, Application, Ground, State, as_number
from registry.domain.names import plain
from registry.domain.schools import SchoolForm

_COLUMNS = "application_id, number, version, state, school, applicant, submitted_at, school_id"
_OPEN = "state IN ('submitted', 'in-review', 'clarification-requested')"  # as the partial indexes say it
WORDS = 8  # of a query: more narrow nothing down
TRIGRAM = 3  # letters


@dataclass(frozen=True)
class Step:
    """An entry of the timeline."""

    at: datetime
    state: str
    reason: str | None
    note: str | None


@dataclass(frozen=True)
class Queue:
    """What a registrar looks for: any of these states, a part of the texts, the time of submission, the ground."""

    states: Sequence[State] = ()
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    ground: Ground | None = None

    def conditions(self, after: tuple[datetime, UUID] | None) -> tuple[str, list[Any]]:
        """SQL and its parameters. Of a short word only the beginning counts, for three letters make a trigram."""
        words = plain(as_number(self.q)).split()[:WORDS]
        given: list[tuple[str, Any]] = [
            ("state = ANY ({}::text[])", list(self.states) or None),
            ("submitted_at >= {}", self.since),
            ("submitted_at < {}", self.until),
            ("ground = {}", self.ground),
            *(("search LIKE {}", f"%{' ' * (len(word) < TRIGRAM)}{word}%") for word in words),
        ]
        wanted = [(sql, value) for sql, value in given if value is not None]
        sql = "".join(f" AND {one.format(f'${place}')}" for place, (one, _) in enumerate(wanted, 1))
        if after:
            sql += f" AND (submitted_at, application_id) > (${len(wanted) + 1}, ${len(wanted) + 2})"
        return sql, [*(value for _, value in wanted), *(after or ())]


def _application(row: Row) -> Application:
    fields = dict(row)
    school, applicant = json.loads(fields.pop("school")), json.loads(fields.pop("applicant") or "null")
    who = ApplicantForm(**applicant) if applicant else None
    return Application(school=SchoolForm(**school), applicant=who, **fields)


def _json(form: SchoolForm | ApplicantForm | None) -> str | None:
    return json.dumps(asdict(form), ensure_ascii=False) if form else None


async def next_serial(tx: Tx) -> int:
    """The next application's serial; a rolled back one leaves a gap."""
    serial: int = await tx.fetchval("SELECT nextval('application_number')")
    return serial


async def insert_application(tx: Tx, application: Application) -> None:
    """A new application."""
    sql = f"""
    INSERT INTO application ({_COLUMNS}, changed_at, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    """  # noqa: S608
    fields = {name: getattr(application, name) for name in _COLUMNS.split(", ")}
    fields |= {name: _json(fields[name]) for name in ("school", "applicant")}
    await tx.execute(sql, *fields.values(), tx.now, application.search_text)


async def insert_consent(tx: Tx, application_id: UUID, text_version: str) -> None:
    """The applicant has agreed to this version of the text now."""
    sql = "INSERT INTO application_consent (application_id, text_version, at) VALUES ($1, $2, $3)"
    await tx.execute(sql, application_id, text_version, tx.now)


async def insert_step(
    tx: Tx, application_id: UUID, state: State, note: str | None = None, reason: str | None = None
) -> None:
    """An entry of the timeline, now."""
    sql = "INSERT INTO application_step (application_id, at, state, note, reason) VALUES ($1, $2, $3, $4, $5)"
    await tx.execute(sql, application_id, tx.now, state, note, reason)


async def insert_steps(tx: Tx, application_ids: Sequence[UUID], state: State, reason: str) -> None:
    """The same entry on several timelines, now."""
    sql = """
    INSERT INTO application_step (application_id, at, state, reason) SELECT id, $2, $3, $4 FROM unnest($1::uuid[]) AS id
    """
    await tx.execute(sql, list(application_ids), tx.now, state, reason)


async def insert_mail_steps(tx: Tx, mails: Sequence[tuple[UUID, str]]) -> None:
    """What became of mails about applications, beside the state they are in; others' mails are passed over."""
    sql = """
    INSERT INTO application_step (application_id, at, state, reason)
    SELECT application_id, $3, state, mail.reason
    FROM unnest($1::uuid[], $2::text[]) AS mail (application_id, reason) JOIN application USING (application_id)
    """
    await tx.execute(sql, [about for about, _ in mails], [outcome for _, outcome in mails], tx.now)


async def application(tx: Tx, application_id: UUID) -> Application | None:
    """By its id."""
    row = await tx.fetchrow(f"SELECT {_COLUMNS} FROM application WHERE application_id = $1", application_id)  # noqa: S608
    return _application(row) if row else None


async def application_numbered(tx: Tx, number: str) -> Application | None:
    """By its number."""
    row = await tx.fetchrow(f"SELECT {_COLUMNS} FROM application WHERE number = $1", number)  # noqa: S608
    return _application(row) if row else None


async def application_for_update(tx: Tx, number: str) -> Application | None:
    """By its number, locked."""
    sql = f"SELECT {_COLUMNS} FROM application WHERE number = $1 FOR NO KEY UPDATE"  # noqa: S608
    row = await tx.fetchrow(sql, number)
    return _application(row) if row else None


async def save_application(tx: Tx, application: Application, *, published: bool) -> int:
    """Its state, school and form. Returns the version, which rises only if something is published about it."""
    sql = """
    UPDATE application SET state = $2, school = $3, school_id = $4, search = $5, changed_at = $6, version = version + $7
    WHERE application_id = $1 RETURNING version
    """
    told = (application.school_id, application.search_text, tx.now, int(published))
    values = (application.application_id, application.state, _json(application.school), *told)
    version: int = await tx.fetchval(sql, *values)
    return version


async def applications_listed(
    tx: Tx, queue: Queue, after: tuple[datetime, UUID] | None, limit: int
) -> list[Application]:
    """The oldest first."""
    where, values = queue.conditions(after)
    sql = f"""
    SELECT {_COLUMNS} FROM application WHERE true{where} ORDER BY submitted_at, application_id LIMIT {limit:d}
    """  # noqa: S608
    return [_application(row) for row in await tx.fetch(sql, *values)]


async def counts(tx: Tx) -> dict[State, int]:
    """How many applications there are in each state that has any."""
    return {row["state"]: row["n"] for row in await tx.fetch("SELECT state, count(*) AS n FROM application GROUP BY 1")}


async def open_applications_of(tx: Tx, form: SchoolForm, limit: int) -> list[Application]:
    """The oldest of those not over that name the INN or the OGRN of this form."""
    sql = f"""
    SELECT {_COLUMNS} FROM application WHERE {_OPEN} AND (inn = $1 OR ogrn = $2)
    ORDER BY submitted_at, application_id LIMIT $3
    """  # noqa: S608
    return [_application(row) for row in await tx.fetch(sql, form.inn, form.ogrn, limit)]


async def reject_overtaken(tx: Tx, schools: Sequence[SchoolForm | SchoolFacts]) -> list[Application]:
    """Reject every open application for the schools of these requisites, as they are afterwards."""
    sql = f"""
    WITH registered AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS s (inn, kpp, ogrn))
    UPDATE application SET state = 'rejected', changed_at = $4, version = version + 1
    WHERE {_OPEN} AND application_id IN (
        SELECT application_id FROM registered JOIN application USING (ogrn) WHERE {_OPEN}
        UNION SELECT application_id FROM registered JOIN application USING (inn, kpp) WHERE {_OPEN})
    RETURNING {_COLUMNS}
    """  # noqa: S608
    keys = [[getattr(school, name) for school in schools] for name in ("inn", "kpp", "ogrn")]
    return [_application(row) for row in await tx.fetch(sql, *keys, tx.now)]


async def timeline(tx: Tx, application_id: UUID) -> list[Step]:
    """What has happened to an application, in order."""
    sql = "SELECT at, state, reason, note FROM application_step WHERE application_id = $1 ORDER BY step_id"
    return [Step(**dict(row)) for row in await tx.fetch(sql, application_id)]


async def silent_applications(tx: Tx, since: datetime, limit: int) -> list[Application]:
    """Locked applications whose question nobody has answered since then."""
    sql = f"""
    SELECT {_COLUMNS} FROM application WHERE state = 'clarification-requested' AND changed_at <= $1
    ORDER BY changed_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
    """  # noqa: S608
    return [_application(row) for row in await tx.fetch(sql, since, limit)]


async def applications_over(tx: Tx, since: datetime, limit: int) -> list[Application]:
    """Locked applications that have been over since then and still have an applicant."""
    sql = f"""
    SELECT {_COLUMNS} FROM application
    WHERE applicant IS NOT NULL AND state IN ('approved', 'rejected', 'withdrawn', 'expired') AND changed_at <= $1
    ORDER BY changed_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
    """  # noqa: S608
    return [_application(row) for row in await tx.fetch(sql, since, limit)]


async def forget_applicants(tx: Tx, applications: Sequence[Application]) -> None:
    """Drop who applied. The search text is the one without a name."""
    sql = """
    UPDATE application SET applicant = NULL, search = given.search
    FROM unnest($1::uuid[], $2::text[]) AS given (application_id, search)
    WHERE application.application_id = given.application_id
    """
    await tx.execute(sql, [one.application_id for one in applications], [one.search_text for one in applications])


async def forget_notes(tx: Tx, application_ids: Sequence[UUID]) -> None:
    """Drop what was written about them: people name people."""
    sql = "UPDATE application_step SET note = NULL WHERE application_id = ANY ($1::uuid[]) AND note IS NOT NULL"
    await tx.execute(sql, list(application_ids))
