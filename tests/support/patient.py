"""People who ask again, with the same key, until they are accepted: whatever is killed meanwhile."""

from itertools import count
from typing import Any

import httpx
from chassis.db import new_id
from journal import Journal
from story import Person, School, Ticket
from waiting import until

VOWELS = "аеиоуыэюя"

_people = count()


async def insist(journal: Journal, method: str, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    """Ask as a patient client does: with the same key until it is accepted."""
    headers = {"Idempotency-Key": str(new_id()), **headers}
    answers: list[httpx.Response] = []

    async def accepted() -> bool:
        try:
            answers.append(await journal.call(method, path, json=body, headers=headers))
        except httpx.TransportError:
            return False
        return answers[-1].is_success

    await until(accepted, f"{path} is accepted", 60, every=0.1)
    return answers[-1]


def somebody() -> Person:
    """A name that nobody else has."""
    number = next(_people)
    return Person(f"Учитель{VOWELS[number % 9] * (1 + number // 9)}", "Анна")


async def enrol(journal: Journal, school: School, person: Person) -> None:
    """On the roll by the own address."""
    body = {**person.name, "post": "учитель математики", "category": "employee", "email": person.email}
    registrar = await journal.live.operator("registrar")
    await insist(journal, "POST", f"/registry/schools/{school.school_id}/staff", body, **registrar)


async def file(journal: Journal, school: School, person: Person) -> Ticket:
    """A request for an account."""
    claim = {"inn": school.inn, "kpp": school.kpp, "name": school.name}
    applicant = {**person.name, "email": person.email}
    body = {"applicant": applicant, "school": claim, "category": "employee", "consent": True}
    made = (await insist(journal, "POST", "/identity/account-requests", body)).json()
    return Ticket(made["number"], made["tracking_code"])


async def enter(journal: Journal, school: School, person: Person, *, enrolled: bool) -> None:
    """From the roll to a request that is to be served."""
    if not enrolled:
        await enrol(journal, school, person)
    ticket = await file(journal, school, person)
    journal.served[ticket.number] = person, ticket
