"""A mass mailing whose sender is killed again and again, against a mail server of its own."""

import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.db import new_id, utc_now
from chassis.testing.opened import Keyring, Opened
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.identity import AccountActivated
from ekis_contracts.values import Contact, PersonName
from ekis_local.kafka import Kafka
from ekis_local.process import Program, free_ports, http_ready, spawn
from fleet import Replica, environment
from notify.__main__ import service
from waiting import until

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]

MAILS, KILLS, CONNECTIONS = 600, 3, 4


class Postbox:
    """The mail catcher as a process."""

    def __init__(self, smtp: str, api: str) -> None:
        self.smtp, self._api = smtp, api
        self._client = httpx.AsyncClient(base_url=api, timeout=60)

    async def recipients(self) -> list[str]:
        """Of every mail that it has taken."""
        messages: list[dict[str, Any]] = (await self._client.get("/messages")).json()
        assert all(len(message["to"]) == 1 for message in messages)
        return [message["to"][0] for message in messages]

    async def be_slow(self) -> None:
        """So that there is a middle to strike in."""
        fault = {"stage": "mail", "action": "slow", "seconds": 0.01, "count": 100_000}
        assert (await self._client.post("/faults", json=fault)).is_success

    async def close(self) -> None:
        await self._client.aclose()


@pytest.fixture
async def postbox(tmp_path: Path) -> AsyncIterator[Postbox]:
    ports = free_ports({"smtp": 0, "http": 0})
    api = f"http://127.0.0.1:{ports['http']}"
    argv = [sys.executable, "-m", "ekis_local.devmail", str(ports["smtp"]), str(ports["http"])]
    program = Program("mail", argv, tmp_path / "mail.log", http_ready(f"{api}/messages"))
    process = await spawn(program, {})
    await until(program.ready, "the mail catcher is ready")
    box = Postbox(f"127.0.0.1:{ports['smtp']}", api)
    yield box
    await box.close()
    process.send_signal(signal.SIGTERM)
    await process.wait()


@pytest.fixture
async def notify(open_service: OpenService, kafka: Kafka, postbox: Postbox) -> AsyncIterator[Opened]:
    user, password = kafka.admin
    given = {"smtp": postbox.smtp, "smtp_from": "noreply@ekis.example", "smtp_tls": "none"}
    async with open_service(service, kafka=kafka.address, kafka_user=user, kafka_password=password, **given) as it:
        yield it


@pytest.fixture
async def sender(notify: Opened, kafka: Kafka, keyring: Keyring, tmp_path: Path) -> AsyncIterator[Replica]:
    """notify-svc as a process, on the same database."""
    env = environment(notify.dsn, keyring, kafka) | {
        "EKIS_SECRETS": str(keyring.root / "notify"),
        "EKIS_SMTP": notify.runtime.settings.smtp,
        "EKIS_SMTP_FROM": "noreply@ekis.example",
        "EKIS_SMTP_TLS": "none",
        "EKIS_SMTP_CONNECTIONS": str(CONNECTIONS),
    }
    replica = Replica(env, tmp_path / "notify.log", module=("notify",))
    yield replica
    await replica.kill()


async def queue_mails(it: Opened, count: int) -> None:
    for number in range(count):
        account = {"account_id": new_id(), "staff_id": new_id(), "school_id": new_id(), "state": "active"}
        person = {
            "contact": ForNotify(Contact(name="Анна", email=f"teacher{number}@mail.ru")),
            "name": ForCabinet(PersonName(last_name="Петрова", first_name="Анна")),
        }
        rest = {"category": "employee", "post": "учитель", "session_epoch": 1, "activated_at": utc_now()}
        await it.tell(AccountActivated(**account, **person, **rest))


async def test_a_killed_mass_mailing_loses_nothing_and_repeats_one_a_connection(
    notify: Opened, postbox: Postbox, sender: Replica
) -> None:
    await queue_mails(notify, MAILS)
    await postbox.be_slow()
    for kill in range(1, KILLS + 1):
        await sender.start()
        enough = MAILS * kill // (KILLS + 2)

        async def is_in_the_middle(enough: int = enough) -> bool:
            return len(await postbox.recipients()) >= enough

        await until(is_in_the_middle, "mails are under way", seconds=60)
        await sender.kill()
    await sender.start()

    async def is_done() -> bool:
        sql = "SELECT count(*) FROM mail WHERE state <> 'sent'"
        return not await notify.runtime.database.pool.fetchval(sql)

    await until(is_done, "every mail is sent", seconds=120)
    await sender.end()
    arrived = await postbox.recipients()
    repeated = len(arrived) - len(set(arrived))
    print(f"{KILLS} kills: {MAILS} mails, {repeated} repeated")
    assert len(set(arrived)) == MAILS
    assert repeated <= KILLS * CONNECTIONS
    assert repeated <= await notify.runtime.database.pool.fetchval("SELECT sum(lost) FROM mail")
