"""Why can this person not sign in: every cause that there is shows on the card, with what to do."""

import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import Any, get_args

import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import AccessRestored
from ekis_contracts.registry import SchoolRegistered
from identity.domain import accounts, cards
from identity.domain.request import State

from .callers import CALLED, Help
from .people import INN, NEW_PASSWORD, Desk, Issued, Person, bearer
from .test_second_factor import begun

Card = dict[str, tuple[str, str]]


async def card(desk: Desk, path: str, **headers: str) -> Card:
    answer = await desk.http.get(path, headers=desk.by("support") | headers)
    assert answer.status_code == 200, answer.text
    return {one["check"]: (one["verdict"], one["remedy"]) for one in answer.json()["checks"]}


async def of(desk: Desk, issued: Issued, **headers: str) -> Card:
    return await card(desk, f"/identity/accounts/{issued.account_id}/sign-in-card", **headers)


def verdicts(shown: Card) -> dict[str, str]:
    return {check: verdict for check, (verdict, _) in shown.items()}


async def test_who_can_sign_in_has_nothing_in_the_way(desk: Desk) -> None:
    active = await desk.active()
    await desk.mailed(active.account_id, 1)
    await desk.it.tell(school(active.person), 1)
    shown = await of(desk, active)
    asked = ["request", "mail", "account", "activation", "delay", "second-factor", "school", "last-sign-in"]
    assert list(shown) == asked
    assert set(verdicts(shown).values()) == {"ok"}
    assert "last sign-in" in (await of(desk, active, **{"Accept-Language": "en"}))["last-sign-in"][1]


def school(person: Person) -> SchoolRegistered:
    return SchoolRegistered(
        school_id=person.school_id,
        inn=INN,
        kpp="770101001",
        ogrn=None,
        full_name="Школа",
        short_name="Школа",
        kind="Школа",
        district=None,
        address="Москва",
        phones=[],
        emails=[],
        site=None,
        status="active",
        source="feed",
    )


async def test_an_expired_one_time_password_and_a_lost_mail_are_seen(desk: Desk) -> None:
    issued = await desk.issued()
    shown = verdicts(await of(desk, issued))
    assert (shown["mail"], shown["one-time-password"], shown["activation"]) == ("unknown", "ok", "blocked")
    assert (shown["school"], shown["last-sign-in"]) == ("unknown", "unknown")
    await desk.bounced(issued.account_id, 1)
    desk.it.clock.move(timedelta(days=3))
    shown = verdicts(await of(desk, issued))
    assert (shown["mail"], shown["one-time-password"], shown["request"]) == ("blocked", "blocked", "blocked")


async def test_the_mail_of_a_restored_account_is_seen_too(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    await desk.mailed(active.account_id, 1)
    case = await helped.linked("restore-access", active)
    await helped.do(case, "restore-access", CALLED)
    assert verdicts(await of(desk, active))["mail"] == "unknown"
    await desk.bounced(active.account_id, 2, version=2)
    await desk.mailed(active.account_id, 2, version=1)
    await desk.mailed(active.account_id, 1, version=9)
    shown = verdicts(await of(desk, active))
    assert (shown["mail"], shown["one-time-password"], shown["request"]) == ("blocked", "ok", "ok")
    assert await desk.said(AccessRestored)


async def test_who_has_shut_it_when_and_why(desk: Desk) -> None:
    active = await desk.active()
    path, ground = f"/identity/accounts/{active.account_id}", await desk.ground("приказ № 7")
    await desk.http.post(f"{path}/suspend", json=ground, headers=desk.by("admin"))
    verdict, remedy = (await of(desk, active))["account"]
    assert (verdict, "департамент образования" in remedy, "приказ № 7" in remedy) == ("blocked", True, True)
    await desk.http.post(f"{path}/disable", json=await desk.ground("уволена"), headers=desk.by("admin"))
    verdict, remedy = (await of(desk, active))["account"]
    assert (verdict, "отключён" in remedy, "уволена" in remedy) == ("blocked", True, True)
    await desk.give_receipts(active.account_id)
    assert "удалены" in (await of(desk, active))["account"][1]


async def test_failed_sign_ins_are_seen_with_how_long_they_delay(helped: Help, desk: Desk) -> None:
    active = await desk.active()
    for _ in range(5):
        await desk.sign_in(active.login, "не тот пароль")
    verdict, remedy = (await of(desk, active))["delay"]
    assert (verdict, "на одном из устройств" in remedy) == ("blocked", True)
    for host in range(1, 20):
        await desk.at(f"203.0.113.{host}").sign_in(active.login, "не тот пароль")
    verdict, remedy = (await of(desk, active))["delay"]
    assert (verdict, "на новых устройствах" in remedy) == ("blocked", True)
    case = await helped.linked("restore-access", active)
    await helped.do(case, "restore-access", CALLED)
    assert (await of(desk, active))["delay"][0] == "ok", "restoring access ends it"


async def test_a_password_mistyped_inside_delays_nobody_at_the_door(desk: Desk) -> None:
    active = await desk.active()
    wrong = {"current_password": "не тот пароль", "new_password": "широкий подоконник и кактус"}
    statuses = [
        (await desk.http.put("/identity/password", json=wrong, headers=bearer(active.session))).status_code
        for _ in range(6)
    ]
    assert statuses == [401] * 5 + [429]
    assert (await of(desk, active))["delay"][0] == "ok"


async def test_the_second_factor_is_seen_without_its_secret(desk: Desk) -> None:
    phone = await begun(desk)
    assert "не закончено" in (await of(desk, phone.person))["second-factor"][1]
    await phone.ask("POST", "/confirm", code=phone.code())
    verdict, remedy = (await of(desk, phone.person))["second-factor"]
    assert (verdict, "при каждом входе" in remedy) == ("ok", True)
    for _ in range(5):
        await phone.elsewhere(phone.wrong())
    shown = await of(desk, phone.person)
    assert (shown["second-factor"][0], "неверных кодов" in shown["second-factor"][1]) == ("blocked", True)
    for secret in (phone.shown["secret"], *phone.shown["recovery_codes"]):
        assert secret not in str(shown)


async def test_a_request_without_an_account_has_a_card_as_well(desk: Desk) -> None:
    ticket = await desk.ask()
    assert verdicts(await card(desk, f"{ticket.path}/card")) == {"request": "blocked"}
    await desk.verify(ticket, Person())
    assert verdicts(await card(desk, f"{ticket.path}/card"))["request"] == "ok"


async def test_the_card_shows_no_secret_and_no_address(helped: Help, desk: Desk) -> None:
    issued = await desk.issued()
    everything = str(await of(desk, issued))
    for word in (issued.password, "anna@mail.example", issued.ticket.code, NEW_PASSWORD):
        assert word not in everything


async def test_the_card_is_for_the_desk_and_the_department(desk: Desk) -> None:
    issued = await desk.issued()
    for path in (f"/identity/accounts/{issued.account_id}/sign-in-card", f"{issued.ticket.path}/card"):
        for role, status in [("support", 200), ("admin", 200), ("security", 403), ("editor", 403)]:
            assert (await desk.http.get(path, headers=desk.by(role))).status_code == status
        head = desk.it.signed_in(category="head", school_id=issued.person.school_id)
        assert (await desk.http.get(path, headers=head)).status_code == 403
        assert (await desk.http.get(path, headers=issued.ticket.headers)).status_code == 401
    for path in (f"/identity/accounts/{new_id()}/sign-in-card", "/identity/account-requests/R26-999999/card"):
        assert (await desk.http.get(path, headers=desk.by("support"))).status_code == 404


TEXTS: dict[str, Any] = tomllib.loads(files("identity").joinpath("messages.toml").read_text("utf-8"))


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_of_a_request_has_its_text(state: State) -> None:
    assert f"card-request-{state}" in TEXTS


def test_every_channel_and_every_end_has_its_text() -> None:
    by = {*get_args(accounts.Channel), "self", accounts.LEFT_ROLL, "request-closed"}
    ends = {"suspended", "disabled", "erased", accounts.LEFT_ROLL, "open"}
    assert {f"by-{one}" for one in by} | {f"card-account-{one}" for one in ends} <= set(TEXTS)
    assert get_args(cards.Verdict) == ("ok", "blocked", "unknown")
