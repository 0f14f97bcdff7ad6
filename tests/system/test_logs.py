"""What people type never reaches logs or metrics, and cannot forge a line there."""

import json
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from canaries import spellings
from live import Live
from story import School
from waiting import until

SERVICES = ("registry", "identity", "cabinet", "notify")
SECRET = "канареечный секрет, которого нет нигде"
ANSI = "\x1b[2J\x1b[31mroot"
FORGED_LINE = '{"event": "operator-signed-in", "level": "info", "forged": true}'
INJECTIONS = [
    f"{SECRET}\n{FORGED_LINE}",
    f"{SECRET}\r\n{FORGED_LINE}",
    f"{ANSI}{SECRET}",
    f"{SECRET}\u2028{FORGED_LINE}",
]


def logs(live: Live) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(Path(live.stack.root / "logs").glob("*.log"))}


async def metrics(live: Live) -> str:
    async with httpx.AsyncClient() as client:
        pages = [await client.get(f"{live.stack.service_url(name)}/metrics") for name in SERVICES]
    assert all(page.is_success for page in pages)
    return "\n".join(page.text for page in pages)


async def say_everywhere(live: Live, words: str) -> list[int]:
    """Into fields, paths, queries and headers of every service, and into what is no JSON at all."""
    in_header = words.encode().replace(b"\r", b"").replace(b"\n", b"%0A")
    link = httpx.QueryParams({"q": words})
    applicant = {"last_name": words, "first_name": words, "email": f"{words}@mail.example"}
    asked = {"applicant": applicant, "school": {"inn": School().inn}, "category": "employee", "consent": True}
    answers = [
        await live.call("POST", "/identity/sessions", json={"login": words, "password": words, "remember_me": False}),
        await live.call("POST", "/identity/account-requests", json=asked),
        await live.call("POST", "/identity/account-requests", content=words.encode()),
        await live.call("GET", f"/identity/account-requests/{quote(words, safe='')}"),
        await live.call("GET", f"/registry/schools?{link}"),
        await live.call("POST", "/registry/applications", json={"school": {"full_name": words}, "applicant": {}}),
        *[await live.call("GET", f"/{name}/{'x' * 5}?{link}", headers={"User-Agent": in_header}) for name in SERVICES],
        *[await live.call("GET", f"/{name}/x", headers={"X-Request-Id": in_header}) for name in SERVICES],
        await live.call(
            "GET", "/identity/me", headers={"Authorization": b"Bearer " + in_header, "traceparent": in_header}
        ),
        await live.call("POST", "/identity/sessions/refresh", cookies=httpx.Cookies({"rt": "x" * 40})),
    ]
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("words", INJECTIONS, ids=["newline", "CRLF", "ANSI", "line separator"])
async def test_what_was_typed_is_in_no_log_and_in_no_metric(live: Live, words: str) -> None:
    answered = await say_everywhere(live, words)
    assert max(answered) < 500, answered
    seen = logs(live)
    assert seen.keys() >= {*SERVICES, "postgres", "kafka", "gateway"}
    for spelling in {it for part in (SECRET, FORGED_LINE, ANSI) for it in spellings(part)}:
        assert [name for name, log in seen.items() if spelling in log] == [], spelling
    assert b"\x1b" not in b"".join(seen[name] for name in SERVICES)
    text = await metrics(live)
    assert SECRET not in text
    assert "forged" not in text


async def break_connections(live: Live, name: str) -> None:
    """As a database does that goes away: a service says so."""
    connection = await asyncpg.connect(live.stack.env(name)["EKIS_DATABASE"])
    own = "datname = $1 AND usename = current_user AND pid <> pg_backend_pid()"  # a vacuum is nobody's
    try:
        await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {own}", name)
    finally:
        await connection.close()


async def said(live: Live, name: str) -> bool:
    return bool(logs(live)[name])


async def test_every_line_of_a_service_is_one_json_object(live: Live) -> None:
    await say_everywhere(live, INJECTIONS[0])
    await break_connections(live, "cabinet")
    await until(lambda: said(live, "cabinet"), "what happened is logged")
    for name in SERVICES:
        lines = logs(live)[name].decode().splitlines()
        assert [line for line in lines if line and not line.startswith("{")] == [], name
        entries = [json.loads(line) for line in lines if line]
        assert all({"event", "level", "timestamp"} <= entry.keys() for entry in entries), name
        assert not any("forged" in entry for entry in entries)
