"""Guessing at the door: what strangers may try, and that they never keep a known device out."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from identity.domain.attempts import LOGIN, ONE, SOURCE
from nacl.pwhash import argon2id

from .people import NEW_PASSWORD, Desk, Issued, Person, bearer
from .test_sessions import WRONG, hashes


@pytest.fixture(autouse=True)
def standing_clock(desk: Desk) -> None:
    """Waits of a second must not pass by themselves on a busy machine."""
    desk.it.clock.stop()


async def guess(desk: Desk, login: str, times: int, password: str = WRONG) -> list[httpx.Response]:
    return [await desk.sign_in(login, password) for _ in range(times)]


def statuses(answers: list[httpx.Response]) -> list[int]:
    return [one.status_code for one in answers]


def said(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def from_many(desk: Desk, login: str, sources: int) -> list[httpx.Response]:
    return [await desk.at(f"203.0.113.{number}").sign_in(login, WRONG) for number in range(sources)]


async def known(desk: Desk, active: Issued) -> str:
    """The cookie of a device that has signed in."""
    answer = await desk.sign_in(active.login, NEW_PASSWORD)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("device-")]
    return cookie


async def with_device(desk: Desk, login: str, password: str, cookie: str) -> httpx.Response:
    desk.http.cookies.clear()
    headers = {"Cookie": cookie.partition(";")[0]}
    return await desk.http.post("/identity/sessions", json={"login": login, "password": password}, headers=headers)


async def test_after_five_failures_one_waits_whether_or_not_the_login_exists(desk: Desk) -> None:
    active = await desk.active()
    refused = {}
    for login in (active.login, "nobody.here"):
        answers = await guess(desk, login, 6)
        assert statuses(answers) == [401] * 5 + [429]
        assert answers[5].headers["retry-after"] == "1"
        refused[login] = answers[5]
    one, other = refused.values()
    assert said(one) == said(other)
    assert one.json()["code"] == "too-many-attempts"
    assert set(one.headers) == set(other.headers)


async def test_who_has_to_wait_is_not_verified_even_with_the_right_password(desk: Desk) -> None:
    active = await desk.active()
    await guess(desk, active.login, 5)
    before = hashes()
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 429
    assert hashes() == before
    desk.it.clock.move(timedelta(seconds=1))
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200


async def test_waits_grow_to_fifteen_minutes_and_a_day_forgets_them(desk: Desk) -> None:
    active = await desk.active()
    await guess(desk, active.login, 5)
    waits = []
    for _ in range(14):
        delayed = await desk.sign_in(active.login, WRONG)
        waits.append(int(delayed.headers["retry-after"]))
        desk.it.clock.move(timedelta(seconds=waits[-1]))
        assert (await desk.sign_in(active.login, WRONG)).status_code == 401
    assert waits == sorted(waits)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 900
    desk.it.clock.move(timedelta(days=1))
    assert statuses(await guess(desk, active.login, 4)) == [401] * 4


async def test_of_many_guesses_at_once_only_the_free_ones_are_verified(desk: Desk) -> None:
    active = await desk.active()
    before = hashes()
    answers = await asyncio.gather(*(desk.sign_in(active.login, WRONG) for _ in range(200)))
    counted = Counter(statuses(answers))
    assert set(counted) <= {401, 429, 503}
    assert counted[401] == hashes() - before == ONE.free


async def test_all_strangers_together_have_twenty_guesses_at_one_login(desk: Desk) -> None:
    active = await desk.active()
    answers = await from_many(desk, active.login, 24)
    assert statuses(answers) == [401] * LOGIN.free + [429] * 4


async def test_one_source_has_a_hundred_guesses_at_many_logins(desk: Desk) -> None:
    answers = [await desk.sign_in(f"nobody.{number}", WRONG) for number in range(103)]
    assert statuses(answers) == [401] * SOURCE.free + [429] * 3
    assert (await desk.at("203.0.113.9").sign_in("nobody.102", WRONG)).status_code == 401


async def test_one_ipv6_network_is_one_source(desk: Desk) -> None:
    answers = [await desk.at(f"2001:db8:1:2:{number}::1").sign_in("nobody.here", WRONG) for number in range(1, 8)]
    assert statuses(answers)[5:] == [429] * 2
    assert (await desk.at("2001:db8:1:3::1").sign_in("nobody.here", WRONG)).status_code == 401


async def test_a_success_counts_nowhere_and_empties_the_own_counter(desk: Desk) -> None:
    active = await desk.active()
    for _ in range(3):
        assert statuses(await guess(desk, active.login, 4)) == [401] * 4
        assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200
    rows = await desk.it.runtime.database.pool.fetch("SELECT level FROM attempt ORDER BY level")
    assert [round(row["level"]) for row in rows] == [0, 12, 12], "pair, login, source: twelve failures"


async def test_strangers_never_keep_a_known_device_out(desk: Desk) -> None:
    active = await desk.active()
    cookie = await known(desk, active)
    desk.http.cookies.clear()
    await from_many(desk, active.login, 24)
    await guess(desk, active.login, 6)
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 429, "a new device has to wait"
    for _ in range(3):
        assert (await with_device(desk, active.login, NEW_PASSWORD, cookie)).status_code == 200


async def test_a_thousand_failures_do_not_stop_the_owner(desk: Desk) -> None:
    active = await desk.active()
    cookie = await known(desk, active)
    answers = [await desk.at(f"198.51.{n % 4}.{n % 250}").sign_in(active.login, WRONG) for n in range(1000)]
    assert Counter(statuses(answers))[401] < 100
    assert (await with_device(desk, active.login, NEW_PASSWORD, cookie)).status_code == 200


async def test_a_device_cookie_is_the_accounts_own_and_survives_signing_out(desk: Desk) -> None:
    active = await desk.active()
    cookie = await known(desk, active)
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/identity/sessions", f"Max-Age={400 * 86400}"):
        assert part in cookie
    gone = await desk.http.delete("/identity/sessions/current", headers=bearer(active.session))
    assert "device-" not in gone.headers["set-cookie"]
    other = await desk.active(Person(), "boris@mail.example")
    assert (await known(desk, other)).partition("=")[0] != cookie.partition("=")[0]


@pytest.mark.parametrize("change", ["forged", "of-another", "rubbish"])
async def test_an_invented_device_is_a_stranger(desk: Desk, change: str) -> None:
    active, other = await desk.active(), await desk.active(Person(), "boris@mail.example")
    name, _, token = (await known(desk, active)).partition(";")[0].partition("=")
    foreign = (await known(desk, other)).partition(";")[0].partition("=")[2]
    invented = {"forged": ("B" if token[0] == "A" else "A") + token[1:], "of-another": foreign, "rubbish": "x"}[change]
    await guess(desk, active.login, 6)
    assert (await with_device(desk, active.login, NEW_PASSWORD, f"{name}={invented}")).status_code == 429


async def test_a_known_device_has_a_counter_of_its_own(desk: Desk) -> None:
    active = await desk.active()
    cookie = await known(desk, active)
    answers = [await with_device(desk, active.login, WRONG, cookie) for _ in range(6)]
    assert statuses(answers) == [401] * 5 + [429]
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200, "a device harms nobody else"


async def test_restored_access_starts_anew(desk: Desk) -> None:
    issued = await desk.issued()
    await guess(desk, issued.login, 6)
    await from_many(desk, issued.login, 24)
    desk.it.clock.move(timedelta(days=3))
    await guess(desk, issued.login, 6)
    answer = await desk.http.post(f"{issued.ticket.path}/resend", headers=issued.ticket.headers)
    assert answer.status_code == 202
    restored = [event for event in await desk.told() if hasattr(event, "channel")][-1]
    password = desk.credentials(restored).one_time_password
    assert (await desk.sign_in(issued.login, password)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/identity/password", {"current_password": WRONG, "new_password": "ещё более тихий вечер 48"}),
        ("POST", "/identity/disable-requests", {"password": WRONG}),
    ],
)
async def test_the_current_password_cannot_be_guessed_inside(
    desk: Desk, method: str, path: str, body: dict[str, str]
) -> None:
    active = await desk.active()
    headers = bearer(active.session)
    answers = [await desk.http.request(method, path, json=body, headers=headers) for _ in range(6)]
    assert statuses(answers) == [401] * 5 + [429]
    assert answers[5].json()["code"] == "too-many-attempts"


async def test_counters_name_nobody_and_are_dropped(desk: Desk) -> None:
    active = await desk.active()
    await desk.at("203.0.113.77").sign_in(active.login, WRONG)
    rows = await desk.it.table("attempt")
    assert rows.strip()
    assert active.login not in rows
    assert "203.0.113.77" not in rows
    desk.it.clock.move(timedelta(days=1, hours=1))
    await desk.it.run_loops()
    assert not await desk.it.runtime.database.pool.fetch("SELECT FROM attempt UNION ALL SELECT FROM quota")


async def test_a_hash_of_other_parameters_is_renewed_and_nobody_is_signed_out(desk: Desk) -> None:
    active = await desk.active()
    pool = desk.it.runtime.database.pool
    old = argon2id.str(NEW_PASSWORD.encode(), 1, 8 * 1024 * 1024).decode()
    await pool.execute("UPDATE account SET password_hash = $1", old)
    before = await pool.fetchrow("SELECT version, session_epoch FROM account")
    assert (await desk.sign_in(active.login, WRONG)).status_code == 401
    assert await pool.fetchval("SELECT password_hash FROM account") == old
    assert (await desk.sign_in(active.login, NEW_PASSWORD)).status_code == 200
    renewed = await pool.fetchval("SELECT password_hash FROM account")
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await pool.fetchrow("SELECT version, session_epoch FROM account") == before
    again = await desk.sign_in(active.login, NEW_PASSWORD)
    assert again.status_code == 200
    assert await pool.fetchval("SELECT password_hash FROM account") == renewed
    assert (await desk.http.get("/identity/me", headers=bearer(active.session))).status_code == 200
