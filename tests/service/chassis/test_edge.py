"""The HTTP edge: problems in two languages, idempotency keys, one transaction a request, bounded bodies."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from chassis.loops import PRUNING
from chassis.telemetry import configure_logs
from chassis.testing.opened import Opened


async def count_rows(it: Opened) -> int:
    count = await it.runtime.database.pool.fetchval("SELECT count(*) FROM counted")
    assert isinstance(count, int)
    return count


async def test_a_wrong_field_is_named_with_its_remedy_in_the_callers_language(toy: Opened) -> None:
    answer = await toy.http.post("/registry/things", json={"name": "Анна 1", "extra": 1, "email": "кому"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/name", "name-letters"),
        ("/extra", "extra-forbidden"),
        ("/email", "email-format"),
    }
    english = await toy.http.post("/registry/things", json={}, headers={"Accept-Language": "en"})
    assert english.json()["errors"][0]["detail"] == "Fill in this field."
    assert await count_rows(toy) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b'{"name": NaN}',
        b'{"name": 1e999}',
    ],
)
async def test_hostile_bodies_get_a_4xx(toy: Opened, body: bytes) -> None:
    answer = await toy.http.post("/registry/things", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["code"]


async def test_a_body_over_the_limit_is_refused(toy: Opened) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    answer = await toy.http.post("/registry/things", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_refusal_rolls_back(toy: Opened) -> None:
    answer = await toy.http.post("/registry/conflicts")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-step")
    assert await count_rows(toy) == 0


async def test_a_repeated_post_makes_one_thing_and_a_reused_key_is_refused(toy: Opened) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await toy.http.post("/registry/things", json={"name": "Анна"}, headers=headers)
    again = await toy.http.post("/registry/things", json={"name": "Анна"}, headers=headers)
    other = await toy.http.post("/registry/things", json={"name": "Вера"}, headers=headers)
    assert (first.status_code, first.json()) == (202, again.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert await count_rows(toy) == 1
    assert len(await toy.published()) == 1


async def test_a_key_is_forgotten_after_a_day(toy: Opened) -> None:
    headers = {"Idempotency-Key": "k1"}

    async def post() -> str:
        return str((await toy.http.post("/registry/things", json={"name": "Анна"}, headers=headers)).json()["id"])

    first = await post()
    toy.clock.move(timedelta(hours=23))
    await PRUNING.work(toy.runtime)
    assert await post() == first
    toy.clock.move(timedelta(hours=1, minutes=1))
    await PRUNING.work(toy.runtime)
    assert await post() != first


async def test_a_key_is_one_persons_whatever_token_brings_it(toy: Opened) -> None:
    anna, vera = uuid4(), uuid4()

    async def post(account_id: UUID) -> str:
        headers = {"Idempotency-Key": "k1", **toy.signed_in(account_id=account_id)}
        return str((await toy.http.post("/registry/things", json={"name": "Анна"}, headers=headers)).json()["id"])

    first, again, other = await post(anna), await post(anna), await post(vera)
    assert first == again != other
    dead = {"Idempotency-Key": "k1", "Authorization": "Bearer a.b.c"}
    assert (await toy.http.post("/registry/things", json={"name": "Анна"}, headers=dead)).status_code == 401


async def test_a_bug_is_answered_with_the_number_under_which_the_log_has_it(
    toy: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("registry", "info")
    answer = await toy.http.post("/registry/bugs", headers={"X-Request-Id": "abc-1"})
    assert (answer.status_code, answer.json()["code"], answer.json()["instance"]) == (500, "internal-error", "abc-1")
    assert answer.headers["x-request-id"] == "abc-1"
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["event"], line["correlation"], line["service"]) == ("request-failed", "abc-1", "registry")
    assert "person" not in json.dumps(line)


async def test_tokens_are_asked_for_and_checked(toy: Opened) -> None:
    thing = (await toy.http.post("/registry/things", json={"name": "Анна"})).json()["id"]
    path = f"/registry/things/{thing}"
    assert (await toy.http.get(path)).status_code == 401
    assert (await toy.http.get(path, headers={"Authorization": "Bearer a.b.c"})).status_code == 401
    assert (await toy.http.get(path, headers=toy.signed_in(scope="activation"))).status_code == 403
    assert (await toy.http.get(path, headers=toy.signed_in())).status_code == 200
    assert (await toy.http.get(f"/registry/things/{uuid4()}x", headers=toy.signed_in())).status_code == 422


async def test_probes_docs_and_metrics(toy: Opened) -> None:
    root = "http://ekis.test"
    assert (await toy.http.get(f"{root}/live")).text == "ok"
    assert "ekis_http_seconds" in (await toy.http.get(f"{root}/metrics")).text
    assert "/api/registry/things" in (await toy.http.get("/registry/openapi.json")).json()["paths"]
    assert "redoc" in (await toy.http.get("/registry/docs")).text
    assert (await toy.http.get("/registry/docs-assets/redoc.standalone.js")).status_code == 200
