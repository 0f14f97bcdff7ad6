"""Wrong and hostile input through the gateway: a 4xx problem that names the field, never a 5xx, nothing half done."""

import asyncio
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import asyncpg
import pytest
from live import Live
from story import Person, School

HOSTILE: list[Any] = [
    None,
    "",
    " ",
    0,
    -1,
    10**30,
    True,
    [],
    {},
    "\u0000",
    "a\r\nBcc: evil@x.example",
    "\u202eлево",
    "\ud800",
    "Ж" * 20_000,
    "'; DROP TABLE school; --",
    "<script>alert(1)</script>",
    "٧٧٠٧٠٨٣٨٩٣",
    "{{7*7}}",
]


def applications() -> dict[str, Any]:
    head = Person()
    applicant = {**head.name, "post": "директор", "email": head.email, "ground": "head"}
    return {"school": School().form(), "applicant": applicant, "consent": True}


def requests() -> dict[str, Any]:
    teacher, school = Person(), School()
    return {
        "applicant": {**teacher.name, "email": teacher.email},
        "school": {"inn": school.inn, "kpp": school.kpp, "name": school.name},
        "category": "employee",
        "consent": True,
    }


def tickets() -> dict[str, Any]:
    contact = {"email": Person().email, "name": "Анна", "phone": "+7 495 123-45-67"}
    return {"kind": "restore-access", "contact": contact, "login": "ivanova.a", "text": "Не могу войти"}


FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "/registry/applications": applications,
    "/identity/account-requests": requests,
    "/identity/support/tickets": tickets,
    "/identity/confirmations": lambda: {"purpose": "restore", "code": "0000-0000-0000-0000"},
    "/identity/sessions": lambda: {"login": "ivanova.a", "password": "x" * 20, "remember_me": False},
}

FILED = {
    "/registry/applications",
    "/identity/account-requests",
    "/identity/support/tickets",
}  # each accepted form is one row more


def leaves(body: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in body.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))


def spoiled(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    copy = deepcopy(body)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


_FILED_IN = (("registry", "application"), ("identity", "account_request"), ("identity", "support_ticket"))


async def rows(live: Live) -> int:
    total = 0
    for service, table in _FILED_IN:
        connection = await asyncpg.connect(live.stack.databases[service])
        total += await connection.fetchval(f"SELECT count(*) FROM {table}")
        await connection.close()
    return total


@pytest.mark.parametrize("form", FORMS)
async def test_no_value_of_any_field_breaks_the_service(live: Live, form: str) -> None:
    body = FORMS[form]()
    for path in leaves(body):
        before = await rows(live)
        answers = await asyncio.gather(*(send(live, form, spoiled(body, path, value)) for value in HOSTILE))
        for value, answer in zip(HOSTILE, answers, strict=True):
            assert answer.status_code < 500, (path, value, answer.text)
            if answer.status_code in (400, 422):
                problem = answer.json()
                assert answer.headers["content-type"] == "application/problem+json"
                assert problem["code"], path
                assert problem["title"], path
        accepted = sum(answer.is_success for answer in answers)
        assert await rows(live) == before + (accepted if form in FILED else 0), "something was left behind"


async def send(live: Live, path: str, body: Any) -> Any:
    content = json.dumps(body).encode()
    return await live.call("POST", path, content=content, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("school", "inn"), "7707083890", "inn-checksum"),
        (("school", "inn"), "500100732259", "inn-person"),
        (("school", "ogrn"), "1027700132190", "ogrn-checksum"),
        (("school", "kpp"), "77АБ", "kpp-format"),
        (("consent",), False, "consent-required"),
        (("applicant", "email"), "не адрес", "email-format"),
        (("extra",), 1, "extra-forbidden"),
    ],
)
async def test_the_field_and_the_remedy_are_named(live: Live, path: tuple[str, ...], value: Any, code: str) -> None:
    answer = await live.call("POST", "/registry/applications", json=spoiled(applications(), path, value))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert problem["errors"][0]["pointer"] == "/" + "/".join(path)
    assert len(problem["errors"][0]["detail"]) > 10


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "\u00ff", "http://evil.example"])
async def test_a_malformed_origin_is_another_sites(live: Live, origin: str) -> None:
    body, headers = {"login": "x", "password": "x"}, {"Origin": origin.encode("latin-1")}
    answer = await live.call("POST", "/identity/sessions", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


async def test_unreadable_and_oversized_bodies(live: Live) -> None:
    headers = {"Content-Type": "application/json"}
    for content, status in ((b"{", 400), (b"\xff", 400), (b"x" * 2_000_000, 413), (b"[" * 50_000, 400)):
        answer = await live.call("POST", "/registry/applications", content=content, headers=headers)
        assert answer.status_code in (status, 422), answer.text
        assert answer.json()["code"]
