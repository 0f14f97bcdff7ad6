"""What the desk sees of mails."""

import base64
import json
from uuid import uuid4

import pytest
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail

from .conftest import Person, tell


async def test_the_desk_sees_deliveries_without_addresses(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created(), 1)
    await tell(notify, anna.activated(), 2)
    await tell(notify, Person().activated())
    support = notify.signed_in(roles=["support"])
    first = await notify.http.get(f"/notify/deliveries?about={anna.account_id}&limit=1", headers=support)
    assert first.status_code == 200
    page = first.json()
    assert [(it["purpose"], it["state"], it["attempts"], it["code"]) for it in page["items"]] == [
        ("account-activated", "sent", 1, None)
    ]
    assert "anna" not in first.text
    rest = await notify.http.get(f"/notify/deliveries?about={anna.account_id}&cursor={page['next']}", headers=support)
    assert [it["purpose"] for it in rest.json()["items"]] == ["account-created"]
    assert rest.json()["next"] is None


@pytest.mark.parametrize(
    ("claims", "query", "status"),
    [
        (None, "about=00000000-0000-0000-0000-000000000000", 401),
        ({"category": "head"}, "about=00000000-0000-0000-0000-000000000000", 403),
        ({"roles": ["registrar"]}, "about=00000000-0000-0000-0000-000000000000", 403),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000", 200),
        ({"roles": ["support"]}, "", 422),
        ({"roles": ["support"]}, "about=anna", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=WzFd", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=WzEsMl0", 422),
        ({"roles": ["support"]}, "about=00000000-0000-0000-0000-000000000000&cursor=%00", 422),
    ],
)
async def test_others_and_wrong_questions_are_refused(
    notify: Opened, claims: dict[str, object] | None, query: str, status: int
) -> None:
    headers = notify.signed_in(**claims) if claims is not None else {}
    assert (await notify.http.get(f"/notify/deliveries?{query}", headers=headers)).status_code == status


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00"])
async def test_a_cursor_of_any_moment_is_no_error_of_ours(notify: Opened, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([moment, str(uuid4())]).encode()).decode()
    query = f"about={uuid4()}&cursor={cursor}"
    answer = await notify.http.get(f"/notify/deliveries?{query}", headers=notify.signed_in(roles=["support"]))
    assert answer.status_code in (200, 422)
