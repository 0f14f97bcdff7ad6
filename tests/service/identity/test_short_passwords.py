"""Eight characters are enough beside a second factor, and keep it where it is (NIST SP 800-63B-4 3.1.1)."""

import asyncio

import httpx

from .callers import Help
from .people import NEW_PASSWORD, Desk
from .test_deeds import ask
from .test_desk_by_two import restored
from .test_second_factor import Phone, refusal, with_phone

SHORT = "вьюга7 нет"


async def change(phone: Phone, current: str, new: str) -> httpx.Response:
    body = {"current_password": current, "new_password": new}
    return await phone.desk.http.put("/identity/password", json=body, headers=phone.headers)


async def short_one(desk: Desk) -> Phone:
    """Somebody with a short password and a phone."""
    phone = await with_phone(desk)
    changed = await change(phone, NEW_PASSWORD, SHORT)
    assert changed.status_code == 204, changed.text
    phone.session = await desk.sign_in(phone.person.login, SHORT, code=await phone.fresh())
    await desk.published()
    return phone


async def test_eight_characters_need_the_second_factor(desk: Desk) -> None:
    phone = await with_phone(desk)
    refused = await change(phone, NEW_PASSWORD, "вьюга7")
    assert refused.json()["errors"][0]["code"] == "password-too-short"
    assert "8" in refused.json()["errors"][0]["detail"]
    assert (await change(phone, NEW_PASSWORD, SHORT)).status_code == 204


async def test_without_one_fifteen_are_needed(desk: Desk) -> None:
    person = await desk.active()
    refused = await change(Phone(desk, person, {}, person.session), NEW_PASSWORD, SHORT)
    assert refused.json()["errors"][0]["code"] == "password-too-short"
    assert "15" in refused.json()["errors"][0]["detail"]


async def test_the_factor_stays_until_the_password_is_long(desk: Desk) -> None:
    phone = await short_one(desk)
    assert refusal(await phone.ask("DELETE")) == (409, "password-is-short")
    assert (await change(phone, SHORT, NEW_PASSWORD)).status_code == 204
    phone.session = await phone.sign_in(code=await phone.fresh())
    assert (await phone.ask("DELETE")).status_code == 204
    assert (await phone.sign_in()).status_code == 200


async def test_two_admins_take_it_off_once_access_was_restored(helped: Help, desk: Desk) -> None:
    phone = await short_one(desk)
    account_id, path = phone.person.account_id, "second-factor/reset"
    assert refusal(await ask(desk, account_id, path, desk.by("admin"))) == (409, "password-is-short")
    fresh = await restored(helped, phone)
    assert (await ask(desk, account_id, path, desk.by("admin"))).status_code == 202
    assert (await desk.approve(account_id, desk.by("admin"))).status_code == 200
    first = await desk.sign_in(phone.person.login, fresh)
    assert (await desk.activate(first, password=SHORT)).json()["errors"][0]["code"] == "password-too-short"
    assert (await desk.activate(first, password=NEW_PASSWORD)).status_code == 200


async def test_who_is_restored_with_a_factor_may_take_a_short_one(helped: Help, desk: Desk) -> None:
    phone = await with_phone(desk)
    fresh = await restored(helped, phone)
    first = await desk.sign_in(phone.person.login, fresh, code=await phone.fresh())
    assert (await desk.activate(first, password=SHORT)).status_code == 200
    phone.session = await desk.sign_in(phone.person.login, SHORT, code=await phone.fresh())
    assert refusal(await phone.ask("DELETE")) == (409, "password-is-short")


async def test_a_short_password_and_taking_off_at_once_leave_no_short_one_alone(desk: Desk) -> None:
    phone = await with_phone(desk)
    await asyncio.gather(change(phone, NEW_PASSWORD, SHORT), phone.ask("DELETE"))
    held = "SELECT password_is_short, EXISTS (SELECT FROM second_factor WHERE account_id = account.id) AS factor"
    row = await desk.it.runtime.database.pool.fetchrow(f"{held} FROM account WHERE id = $1", phone.person.account_id)
    assert row
    assert not row["password_is_short"] or row["factor"]
