"""Every role with every verb, over HTTP, as the authorisation table says; foreign things are not to be known of."""

import json
from itertools import product
from typing import Any

import pytest
from chassis.outbox import new_id
from identity.domain.operators import ROLES
from identity.rights import RIGHTS

from .callers import CALLED, Help
from .people import Desk, Person

WHY = {"reason": "проверка"}
ACT = WHY | {"ticket": "TICKET"}
SYSTEM = {
    "name": "Карта школ",
    "contact": "map@city.example",
    "key": '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    "scopes": ["schools:read"],
}
# thing, verb -> how it is asked for; {id} is of a thing that does not exist, DEED restores a head's account and waits,
# TICKET is one of the desk
ASKED: dict[tuple[str, str], list[tuple[str, str, Any]]] = {
    ("account", "read"): [("GET", "/accounts/{id}", None), ("GET", "/accounts/{id}/erasure", None)],
    ("account", "suspend"): [("POST", "/accounts/{id}/suspend", ACT)],
    ("account", "resume"): [("POST", "/accounts/{id}/resume", ACT)],
    ("account", "disable"): [("POST", "/accounts/{id}/disable", ACT)],
    ("account", "email-change"): [("POST", "/accounts/{id}/email", ACT | {"email": "new@mail.example"})],
    ("account", "restore"): [("POST", "/deeds/DEED/approve", None)],
    ("account", "look-up"): [("GET", "/accounts?login=nobody.at", None)],
    ("account", "explain"): [
        ("GET", "/accounts/{id}/sign-in-card", None),
        ("GET", "/account-requests/{id}/card", None),
    ],
    ("account", "reset-second-factor"): [("POST", "/accounts/{id}/second-factor/reset", ACT)],
    ("self", "disable"): [("POST", "/disable-requests", {"password": "x"})],
    ("deed", "read"): [("GET", "/deeds", None)],
    ("operator", "read"): [("GET", "/operators", None)],
    ("operator", "write"): [
        ("POST", "/operators", {"login": "first.line", "roles": ["support"]}),
        ("PATCH", "/operators/{id}", {"roles": ["support"]}),
        ("POST", "/operators/{id}/one-time-password", None),
        *(("POST", f"/operators/{{id}}/{step}", WHY) for step in ("suspend", "resume", "disable")),
    ],
    ("system", "read"): [("GET", "/systems", None), ("GET", "/systems/{id}", None)],
    ("system", "write"): [
        ("POST", "/systems", SYSTEM),
        ("PATCH", "/systems/{id}", {"scopes": ["webhooks"]}),
        ("POST", "/systems/{id}/keys", {"key": SYSTEM["key"]}),
        ("DELETE", "/systems/{id}/keys/x", None),
        *(("POST", f"/systems/{{id}}/{step}", WHY) for step in ("suspend", "resume", "end")),
    ],
    ("ticket", "handle"): [
        ("GET", "/support/tickets", None),
        ("GET", "/support/templates", None),
        *(
            ("POST", f"/support/tickets/{{id}}/{step}", body)
            for step, body in {
                "assign": {},
                "reply": {"text": "текст"},
                "resolve": {"text": "текст"},
                "reopen": None,
                "merge": {"into": "TICKET"},
                "link": {},
                "email-code": None,
                "restore-access": CALLED,
                "disable-account": CALLED,
            }.items()
        ),
    ],
    ("erasure", "list"): [("GET", "/erasures", None)],
    ("audit", "read"): [("GET", "/audit", None)],
    ("audit", "export"): [("GET", "/audit/export", None)],
}
PAIRS = [(role, thing, verb) for role, (thing, verb) in product((*ROLES, "head", "employee"), ASKED)]


def test_every_right_is_asked_for_somewhere() -> None:
    granted = {(thing, verb) for things in RIGHTS.table.values() for thing, verbs in things.items() for verb in verbs}
    assert granted == set(ASKED)


def signed_in(desk: Desk, role: str) -> dict[str, str]:
    if role in ROLES:
        return desk.by(role)
    return desk.it.signed_in(category=role, school_id=new_id(), staff_id=new_id())


async def waiting_restore(desk: Desk) -> str:
    head = await desk.active(Person(category="head", post="директор"))
    case = await Help(desk).linked("restore-access", head)
    assert (await Help(desk).do(case, "restore-access", CALLED))[0] == 202
    return await desk.deed_of(head.account_id)


@pytest.mark.parametrize(("role", "thing", "verb"), PAIRS)
async def test_a_role_may_what_the_table_says(desk: Desk, role: str, thing: str, verb: str) -> None:
    reach = RIGHTS.table.get(role, {}).get(thing, {}).get(verb)
    for method, path, body in ASKED[thing, verb]:
        where, said = "/identity" + path.format(id=new_id()), body
        if "DEED" in path:
            where = where.replace("DEED", await waiting_restore(desk))
        if "TICKET" in json.dumps(body):
            said = json.loads(json.dumps(body).replace("TICKET", (await Help(desk).open()).number))
        answer = await desk.http.request(method, where, json=said, headers=signed_in(desk, role))
        if reach is None:
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), path
        elif "{id}" in path:
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), path
        else:
            assert answer.status_code != 403, path


@pytest.mark.parametrize(
    ("method", "path"), sorted({(method, path) for asked in ASKED.values() for method, path, _ in asked})
)
async def test_nobody_gets_anywhere_unsigned(desk: Desk, method: str, path: str) -> None:
    answer = await desk.http.request(method, "/identity" + path.format(id=new_id()), json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


@pytest.mark.parametrize("verb", ["read", "suspend", "resume", "disable", "email-change"])
async def test_a_foreign_schools_account_is_as_one_that_is_not_there(desk: Desk, verb: str) -> None:
    issued = await desk.issued(Person())
    foreign, own = signed_in(desk, "head"), desk.it.signed_in(category="head", school_id=issued.person.school_id)
    for method, path, body in ASKED["account", verb]:
        where, said = "/identity" + path.format(id=issued.account_id), body and {**body, "ticket": None}
        assert (await desk.http.request(method, where, json=said, headers=foreign)).status_code == 404
        assert (await desk.http.request(method, where, json=said, headers=own)).status_code in (200, 202, 409)
