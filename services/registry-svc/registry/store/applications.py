"""Applications for entry in the database."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from chassis.db import Row, Tx

from registry.domain.applications import ApplicantForm, Application, State
from registry.domain.schools import SchoolForm

_COLUMNS = "application_id, number, version, state, school, applicant, submitted_at, school_id"


@dataclass(frozen=True)
class Step:
    """An entry of the timeline."""

    at: datetime
    state: str
    reason: str | None
    note: str | None


def _application(row: Row) -> Application:
    fields = dict(row)
    school, applicant = json.loads(fields.pop("school")), json.loads(fields.pop("applicant"))
    return Application(school=SchoolForm(**school), applicant=ApplicantForm(**applicant), **fields)


async def next_serial(tx: Tx) -> int:
    """The next application's serial; a rolled back one leaves a gap."""
    serial: int = await tx.fetchval("SELECT nextval('application_number')")
    return serial


async def insert_application(tx: Tx, application: Application) -> None:
    """A new application."""
    sql = f"INSERT INTO application ({_COLUMNS}, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608
    fields = {name: getattr(application, name) for name in _COLUMNS.split(", ")}
    fields |= {name: json.dumps(asdict(fields[name]), ensure_ascii=False) for name in ("school", "applicant")}
    await tx.execute(sql, *fields.values(), tx.now)


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
    UPDATE application SET state = $2, school = $3, school_id = $4, changed_at = $5, version = version + $6
    WHERE application_id = $1 RETURNING version
    """
    form = json.dumps(asdict(application.school), ensure_ascii=False)
    values = (application.application_id, application.state, form, application.school_id, tx.now, int(published))
    version: int = await tx.fetchval(sql, *values)
    return version


async def applications_listed(tx: Tx, state: State | None, after: UUID | None, limit: int) -> list[Application]:
    """The oldest first."""
    sql = f"""
    SELECT {_COLUMNS} FROM application
    WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR application_id > $2)
    ORDER BY application_id LIMIT $3
    """  # noqa: S608
    return [_application(row) for row in await tx.fetch(sql, state, after, limit)]


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
