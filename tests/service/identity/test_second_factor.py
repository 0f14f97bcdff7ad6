"""The second factor: set up, asked at the door and again before acts that end much, lost and replaced."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pyotp
import pytest
from ekis_contracts.identity import SessionsRevoked
from identity.domain.credentials import one_time_digest

from .people import NEW_PASSWORD, Desk, Issued, bearer

STEP = timedelta(seconds=30)


@dataclass
class Phone:
    """A person with an app that shows codes, a sheet of recovery codes and a session."""

    desk: Desk
    person: Issued
    shown: dict[str, Any]
    session: httpx.Response
    hosts: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.session)

    def code(self) -> str:
        """What the app shows now."""
        return pyotp.TOTP(self.shown["secret"]).at(self.desk.it.clock())

    def wrong(self) -> str:
        """A code of long ago."""
        return pyotp.TOTP(self.shown["secret"]).at(self.desk.it.clock() - STEP * 9)

    async def fresh(self) -> str:
        """A code that was not used yet, for it is that of a later step."""
        self.desk.it.clock.move(STEP * 2)
        return self.code()

    async def sign_in(self, **more: Any) -> httpx.Response:
        return await self.desk.sign_in(self.person.login, NEW_PASSWORD, **more)

    async def elsewhere(self, code: str) -> httpx.Response:
        """Sign in from an address that nobody has come from yet."""
        there = self.desk.at(f"203.0.113.{next(self.hosts)}")
        return await there.sign_in(self.person.login, NEW_PASSWORD, code=code)

    async def enter(self) -> None:
        """Sign in anew, by a code."""
        self.session = await self.sign_in(code=await self.fresh())
        assert self.session.status_code == 200, self.session.text

    async def ask(self, method: str, path: str = "", **body: Any) -> httpx.Response:
        json = body if body or method == "POST" else None
        return await self.desk.http.request(method, f"/identity/second-factor{path}", headers=self.headers, json=json)


async def begun(desk: Desk) -> Phone:
    """Somebody who has scanned the secret."""
    person = await desk.active()
    answer = await desk.http.post("/identity/second-factor", json={}, headers=bearer(person.session))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return Phone(desk, person, answer.json(), person.session)


async def with_phone(desk: Desk) -> Phone:
    """Somebody whose second factor is on, signed in with it just now."""
    phone = await begun(desk)
    confirmed = await phone.ask("POST", "/confirm", code=phone.code())
    assert confirmed.status_code == 204, confirmed.text
    await phone.enter()
    await desk.published()
    return phone


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_secret_is_shown_once_and_kept_sealed(desk: Desk) -> None:
    phone = await begun(desk)
    assert phone.shown["otpauth_uri"].startswith("otpauth://totp/")
    assert phone.shown["secret"] in phone.shown["otpauth_uri"]
    assert len(set(phone.shown["recovery_codes"])) == 10
    everything = await desk.it.everything()
    for secret in (phone.shown["secret"], *phone.shown["recovery_codes"]):
        assert secret not in everything
        assert secret.replace("-", "") not in everything
    assert (await phone.ask("GET")).json() == {"on": False, "pending": True, "recovery_codes_left": 0}


async def test_it_is_asked_for_once_its_first_code_was_shown(desk: Desk) -> None:
    phone = await begun(desk)
    assert (await phone.sign_in()).status_code == 200
    assert refusal(await phone.ask("POST", "/confirm", code=phone.wrong())) == (422, "wrong-code")
    assert (await phone.ask("POST", "/confirm", code=phone.code())).status_code == 204
    revoked = await desk.said(SessionsRevoked)
    assert (revoked.reason, revoked.session_epoch) == ("second-factor-changed", 4)
    assert refusal(await phone.sign_in()) == (401, "second-factor-required")
    assert refusal(await phone.sign_in(code=phone.wrong())) == (401, "invalid-credentials")
    assert (await phone.sign_in(code=await phone.fresh())).json()["scope"] == "full"


async def test_turning_it_on_ends_every_other_session(desk: Desk) -> None:
    phone = await begun(desk)
    other = (await phone.sign_in()).cookies["rt"]
    assert (await phone.ask("POST", "/confirm", code=phone.code())).status_code == 204
    for token, status in ((other, 401), (phone.session.cookies["rt"], 200)):
        desk.http.cookies.clear()
        headers = {"Cookie": f"rt={token}"}
        assert (await desk.http.post("/identity/sessions/refresh", headers=headers)).status_code == status


async def test_begun_again_the_first_secret_is_worth_nothing(desk: Desk) -> None:
    phone = await begun(desk)
    first = phone.code()
    phone.shown = (await phone.ask("POST")).json()
    assert refusal(await phone.ask("POST", "/confirm", code=first)) == (422, "wrong-code")
    assert (await phone.ask("POST", "/confirm", code=phone.code())).status_code == 204
    assert refusal(await phone.ask("POST", "/confirm", code=phone.code())) == (409, "no-pending-factor")


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_clocks_may_be_one_step_off(desk: Desk, steps: int) -> None:
    phone = await with_phone(desk)
    desk.it.clock.move(STEP * 10)
    code = pyotp.TOTP(phone.shown["secret"]).at(desk.it.clock() + STEP * steps)
    assert (await phone.sign_in(code=code)).status_code == 200


@pytest.mark.parametrize("steps", [-2, 2])
async def test_but_not_two(desk: Desk, steps: int) -> None:
    phone = await with_phone(desk)
    desk.it.clock.move(STEP * 10)
    code = pyotp.TOTP(phone.shown["secret"]).at(desk.it.clock() + STEP * steps)
    assert refusal(await phone.sign_in(code=code)) == (401, "invalid-credentials")


@pytest.mark.parametrize("kind", ["app", "recovery"])
async def test_of_fifty_uses_of_one_code_one_gets_in(desk: Desk, kind: str) -> None:
    phone = await with_phone(desk)
    code = await phone.fresh() if kind == "app" else phone.shown["recovery_codes"][3]
    answers = await asyncio.gather(*(phone.ask("POST", "/proof", code=code) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {204: 1, 422: 5, 429: 44}
    await phone.desk.it.runtime.database.pool.execute("UPDATE second_factor SET failures = 0, barred_until = NULL")
    assert refusal(await phone.sign_in(code=code)) == (401, "invalid-credentials")


async def test_recovery_codes_work_once_each_however_they_are_typed(desk: Desk) -> None:
    phone = await with_phone(desk)
    first, second, *_ = phone.shown["recovery_codes"]
    assert (await phone.sign_in(code=first.lower().replace("-", " "))).status_code == 200
    assert (await phone.sign_in(code=first)).status_code == 401
    phone.session = await phone.sign_in(code=second)
    assert (await phone.ask("GET")).json() == {"on": True, "pending": False, "recovery_codes_left": 8}
    renewed = (await phone.ask("POST", "/recovery-codes")).json()["recovery_codes"]
    assert (await phone.ask("GET")).json()["recovery_codes_left"] == 10
    assert (await phone.sign_in(code=phone.shown["recovery_codes"][5])).status_code == 401
    assert (await phone.sign_in(code=renewed[0])).status_code == 200


async def test_after_five_wrong_codes_the_waits_grow_and_a_good_one_ends_them(desk: Desk) -> None:
    phone = await with_phone(desk)
    for _ in range(5):
        assert refusal(await phone.elsewhere(phone.wrong())) == (401, "invalid-credentials")
    waits = []
    for _ in range(9):
        barred = await phone.elsewhere(phone.code())
        assert refusal(barred) == (429, "too-many-codes")
        waits.append(int(barred.headers["retry-after"]))
        desk.it.clock.move(timedelta(seconds=waits[-1]))
        assert (await phone.elsewhere(phone.wrong())).status_code == 401
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    desk.it.clock.move(timedelta(hours=1))
    assert (await phone.elsewhere(phone.code())).status_code == 200
    assert (await phone.elsewhere(phone.wrong())).status_code == 401


async def test_at_the_door_a_wrong_code_counts_as_a_wrong_password_does(desk: Desk) -> None:
    phone = await with_phone(desk)
    for _ in range(5):
        assert refusal(await phone.sign_in(code=phone.wrong())) == (401, "invalid-credentials")
    assert refusal(await phone.sign_in(code=phone.code())) == (429, "too-many-attempts")


async def test_to_be_asked_for_the_code_counts_nowhere(desk: Desk) -> None:
    phone = await with_phone(desk)
    for _ in range(10):
        assert refusal(await phone.sign_in()) == (401, "second-factor-required")
    assert (await phone.sign_in(code=await phone.fresh())).status_code == 200
    rows = await desk.it.runtime.database.pool.fetch("SELECT level FROM attempt")
    assert {row["level"] for row in rows} == {0}


async def test_acts_that_end_much_ask_again_after_five_minutes(desk: Desk) -> None:
    phone = await with_phone(desk)
    assert (await phone.ask("POST", "/recovery-codes")).status_code == 200
    desk.it.clock.move(timedelta(minutes=4, seconds=59))
    phone.session = await refreshed(desk, phone.session)
    assert (await phone.ask("POST", "/recovery-codes")).status_code == 200
    desk.it.clock.move(timedelta(seconds=2))
    asked = await phone.ask("POST", "/recovery-codes")
    assert refusal(asked) == (401, "proof-required")
    challenge = 'Bearer error="insufficient_user_authentication", max_age="300"'
    assert asked.headers["www-authenticate"] == challenge
    own = {"password": NEW_PASSWORD}
    refused = await desk.http.post("/identity/disable-requests", json=own, headers=phone.headers)
    assert refusal(refused) == (401, "proof-required")
    for method in ("POST", "DELETE"):
        assert refusal(await phone.ask(method)) == (401, "proof-required")
    assert refusal(await phone.ask("POST", "/proof", code=phone.wrong())) == (422, "wrong-code")
    assert (await phone.ask("POST", "/proof", code=phone.code())).status_code == 204
    assert (await desk.http.post("/identity/disable-requests", json=own, headers=phone.headers)).status_code == 202


async def refreshed(desk: Desk, session: httpx.Response) -> httpx.Response:
    desk.http.cookies.clear()
    return await desk.http.post("/identity/sessions/refresh", headers={"Cookie": f"rt={session.cookies['rt']}"})


async def test_a_new_phone_takes_the_old_ones_place_when_its_first_code_is_shown(desk: Desk) -> None:
    phone = await with_phone(desk)
    new = (await phone.ask("POST")).json()
    assert (await phone.sign_in(code=await phone.fresh())).status_code == 200
    phone.session = await phone.sign_in(code=phone.shown["recovery_codes"][0])
    old, phone.shown = phone.shown, new
    assert (await phone.ask("POST", "/confirm", code=phone.code())).status_code == 204
    assert refusal(await phone.sign_in(code=old["recovery_codes"][1])) == (401, "invalid-credentials")
    assert (await phone.sign_in(code=await phone.fresh())).status_code == 200


async def test_taken_off_the_password_is_enough_again(desk: Desk) -> None:
    phone = await with_phone(desk)
    assert (await phone.ask("DELETE")).status_code == 204
    assert (await desk.said(SessionsRevoked)).reason == "second-factor-changed"
    phone.session = await phone.sign_in()
    assert (await phone.ask("GET")).json()["on"] is False
    assert refusal(await phone.ask("DELETE")) == (409, "no-second-factor")
    assert refusal(await phone.ask("POST", "/recovery-codes")) == (409, "no-second-factor")


async def test_an_old_session_sets_up_its_first_factor_after_the_password(desk: Desk) -> None:
    phone = await begun(desk)
    desk.it.clock.move(timedelta(minutes=5))
    phone.session = await refreshed(desk, phone.session)
    assert refusal(await phone.ask("POST")) == (401, "proof-required")
    assert refusal(await phone.ask("POST", "/proof", password="не тот пароль")) == (401, "invalid-credentials")
    for body, pointer in (({"code": "123456"}, "/password"), ({"password": NEW_PASSWORD}, "")):
        proof = await phone.ask("POST", "/proof", **body)
        assert (proof.json()["errors"][0]["pointer"] if proof.status_code == 422 else "") == pointer
    assert (await phone.ask("POST")).status_code == 200


async def test_with_a_live_factor_the_password_proves_nothing(desk: Desk) -> None:
    phone = await with_phone(desk)
    answer = await phone.ask("POST", "/proof", password=NEW_PASSWORD)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/code")


async def test_who_has_not_activated_yet_sets_up_nothing(desk: Desk) -> None:
    issued = await desk.issued()
    first = await desk.sign_in(issued.login, issued.password)
    for path, body in (("", {}), ("/confirm", {"code": "123456"})):
        answer = await desk.http.post(f"/identity/second-factor{path}", json=body, headers=bearer(first))
        assert refusal(answer) == (409, "wrong-step")
    proof = await desk.http.post("/identity/second-factor/proof", json={"code": "1"}, headers=bearer(first))
    assert refusal(proof) == (403, "activation-only")


async def test_a_one_time_password_does_not_pass_by_the_factor(desk: Desk) -> None:
    phone = await with_phone(desk)
    digest = one_time_digest(desk.it.runtime.database.secret, phone.person.account_id, 1, phone.person.password)
    await desk.it.runtime.database.pool.execute(
        "UPDATE account SET state = 'issued', one_time = $2, one_time_until = $3 WHERE id = $1",
        phone.person.account_id,
        digest,
        desk.it.clock() + timedelta(days=3),
    )
    login, password = phone.person.login, phone.person.password
    assert refusal(await desk.sign_in(login, password)) == (401, "second-factor-required")
    entered = await desk.sign_in(login, password, code=await phone.fresh())
    assert (entered.status_code, entered.json()["scope"]) == (200, "activation")


async def test_a_secret_moved_to_another_account_opens_nothing(desk: Desk) -> None:
    phone = await with_phone(desk)
    other = await desk.active(email="other@mail.example")
    await desk.it.runtime.database.pool.execute("UPDATE second_factor SET account_id = $1", other.account_id)
    answer = await desk.sign_in(other.login, NEW_PASSWORD, code=await phone.fresh())
    assert answer.status_code == 500
