"""City systems that keep a copy: one written from the AsyncAPI document alone, the example, kcat, Kafka's own consumer.

All follow one run in which services and the broker die, and the example itself too.
"""

import asyncio
import json
import re
import shlex
import signal
import sqlite3
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from by_document import Reader
from city import DOCS, STATES, City, Copy, copy_in, rows_of
from debian import installed
from ekis_kafka import systems
from ekis_kafka.broker import admin_of, client_settings
from ekis_kafka.files import wanted
from ekis_local.kafka import fetch_jars
from journal import Journal
from live import Live
from patient import enrol, enter, insist, somebody
from story import NEW_PASSWORD, Person, School
from topics import Seen, Witness
from waiting import until

PAGE = DOCS / "subscribe" / "README.md"
BLOWS = ("registry", "identity", "kafka", "registry")
DIES = """
import itertools, os, signal, sys
sys.path.insert(0, "docs/subscribe")
import subscriber

subscriber.BATCH = 7
takes, last, real = itertools.count(1), int(sys.argv.pop(1)), subscriber.take

def take(db, message):
    real(db, message)
    if next(takes) == last:
        os.kill(os.getpid(), signal.SIGKILL)

subscriber.take = take
subscriber.main()
"""


@pytest.fixture(scope="module")
async def city(live: Live, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """All that happens is over; the reader has followed it, and the example until it was killed for the last time."""
    admin = admin_of(client_settings(live.kafka.address, live.kafka.admin))
    document = (await live.client.get(f"{live.stack.gateway}/docs/asyncapi.json")).json()
    login = systems.add(admin, wanted(), "copyist")
    folder = tmp_path_factory.mktemp("city")
    (folder / "docs").symlink_to(DOCS)
    it = City(live, folder, login, Journal(live), Reader(document, live.kafka.address, login))
    with it.reader.following():
        await happen(it)
        it.ends = await Witness(live.kafka, "none").ends(*it.reader.channels)
        await until(lambda: has_reached(it), "the reader has read all")
    yield it
    systems.remove(admin, "copyist")


async def has_reached(city: City) -> bool:
    return all(city.reader.reached.get(place, 0) >= end for place, end in city.ends.items())


async def happen(city: City) -> None:
    """People ask and a school changes while services and the broker are killed, and the example with them."""
    journal, story = city.journal, city.journal.story
    school, *_ = [await story.register(Person("Орлов", "Пётр")) for _ in range(6)]
    people = [somebody() for _ in BLOWS]
    await asyncio.gather(*(enrol(journal, school, person) for person in people))
    for number, (person, blow) in enumerate(zip(people, BLOWS, strict=True)):
        example = await city.example()
        work = [enter(journal, school, person, enrolled=True), rename(city, school, number)]
        doing = asyncio.gather(*work)
        await city.live.stack.kill(blow)
        await doing
        await is_copying(city)
        example.send_signal(signal.SIGKILL)
        assert await example.wait() == -signal.SIGKILL
    await city.live.stack.wait_ready()
    await journal.recover(monotonic())
    teacher = somebody()
    await story.enrol(school, teacher)
    _, session = await story.settled_in(teacher, school)
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)

    async def erased() -> bool:
        return bool(await journal.rows("identity", "SELECT 1 FROM account WHERE state = 'erased'"))

    await journal.recover(monotonic(), erased)


async def rename(city: City, school: School, number: int) -> None:
    registrar = await city.live.operator("registrar")
    body = {"short_name": f"Школа, имя {number}"}
    path = f"/registry/schools/{school.school_id}"
    await insist(city.journal, "PATCH", path, body, **registrar, **{"If-Match": "*"})


async def is_copying(city: City) -> None:
    async def has_begun() -> bool:
        file = city.folder / "followed.sqlite"
        return file.exists() and bool(rows_of(file, "SELECT 1 FROM sqlite_master WHERE name = 'position'"))

    await until(has_begun, "the example copies")


async def said(city: City) -> list[Seen]:
    ends = {place: end for place, end in city.ends.items() if place[0] in STATES}
    return await Witness(city.live.kafka, "none").between(dict.fromkeys(ends, 0), ends)


async def must_be_told_once(city: City, file: Path) -> None:
    """Every version that the topics first said, in its order, and none twice."""
    firsts: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one in await said(city):
        if one.version > max(firsts[one.topic, one.key], default=0):
            firsts[one.topic, one.key].append(one.version)
    told: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for topic, key, version in rows_of(file, "SELECT topic, key, version FROM change ORDER BY id"):
        told[topic, key].append(version)
    assert told == firsts
    assert rows_of(file, "SELECT * FROM aside") == []


async def test_who_knows_the_document_alone_has_what_the_databases_have(city: City) -> None:
    assert city.reader.wrong == []
    await city.must_be_true(
        {topic: {key: data for key, (_, data) in city.reader.states[topic].items()} for topic in STATES}
    )
    states = {data["state"] for _, data in city.reader.states["accounts"].values()}
    assert states >= {"issued", "erased"}
    assert city.reader.heard.keys() >= {"school-changed", "account-request-verified", "account-erased", *STATES}


async def test_the_example_killed_in_the_middle_goes_on_and_repeats_nothing(city: City) -> None:
    printed = await city.shell("python docs/subscribe/subscriber.py --once followed.sqlite")
    copy = copy_in(city.folder / "followed.sqlite")
    assert printed == "".join(f"{topic} {len(copy[topic])}\n" for topic in STATES)
    await city.must_be_true(copy)
    await must_be_told_once(city, city.folder / "followed.sqlite")


async def test_a_kill_inside_a_transaction_leaves_nothing_of_it(city: City) -> None:
    (city.folder / "dies.py").write_text(DIES)
    for number in (1, 6, 9, 5):  # of the records that this life takes; seven are a transaction
        code, *_ = await city.run(sys.executable, "dies.py", str(number), "--once", "killed.sqlite")
        assert code == -signal.SIGKILL
    await city.shell("python docs/subscribe/subscriber.py --once killed.sqlite")
    await city.must_be_true(copy_in(city.folder / "killed.sqlite"))
    await must_be_told_once(city, city.folder / "killed.sqlite")


async def test_a_broker_made_anew_is_read_from_its_beginning(city: City) -> None:
    """What the example remembers of positions says nothing about another broker."""
    await city.shell("python docs/subscribe/subscriber.py --once moved.sqlite")
    with closing(sqlite3.connect(city.folder / "moved.sqlite")) as db, db:
        db.execute("UPDATE position SET next = next + 1000000")
        db.execute("DELETE FROM state")
    await city.shell("python docs/subscribe/subscriber.py --once moved.sqlite")
    await city.must_be_true(copy_in(city.folder / "moved.sqlite"))


async def test_a_wrong_password_is_told(city: City) -> None:
    command = "EKIS_KAFKA_PASSWORD=wrong python docs/subscribe/subscriber.py --once refused.sqlite"
    code, _, complaint = await city.run("bash", "-c", command)
    assert (code, "Authentication failed" in complaint, "Traceback" in complaint) == (1, True, False), complaint


def blocks(heading: str) -> list[str]:
    """The commands below it, as the page prints them."""
    (section,) = [part for part in PAGE.read_text().split("\n## ") if part.startswith(f"{heading}\n")]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


async def test_the_page_s_python_command(city: City) -> None:
    (command,) = blocks("In Python")
    truth = await city.truth()
    assert await city.shell(command) == "".join(f"{topic} {len(truth[topic])}\n" for topic in STATES)
    await city.must_be_true(copy_in(city.folder / "copy.sqlite"))


async def test_the_page_s_commands_of_kcat(city: City) -> None:
    installed("kcat")
    newer, login, copy, changes, first = blocks("With kcat")
    truth = await city.truth()
    await city.shell(newer)
    await city.shell(login)
    assert (city.folder / "kcat.conf").stat().st_mode & 0o077 == 0
    await city.shell(copy)
    lines = [line.split(" ", 1) for line in (city.folder / "schools.txt").read_text().splitlines()]
    await city.must_be_true(
        {"schools": {key: json.loads(data) for key, data in lines}, "accounts": {}} | accounts(truth)
    )
    await city.shell(changes)
    changed = (city.folder / "changes.txt").read_text().splitlines()
    assert {tuple(line.split(" ", 2)[:2]) for line in changed} == {(t, key) for t in STATES for key in truth[t]}
    await city.shell(changes)
    assert (city.folder / "changes.txt").read_text().splitlines() == changed, "a second time there is nothing new"
    assert "ce_specversion=1.0" in await city.shell(first)


def accounts(truth: Copy) -> Copy:
    """kcat's copy is of the schools alone."""
    return {"accounts": {key: {} for key in truth["accounts"]}}


async def test_the_page_s_commands_of_kafka_s_own_consumer(city: City) -> None:
    jars = await fetch_jars()
    consumer = city.folder / "kafka-console-consumer.sh"
    java = ["java", "-cp", f"{jars}/*", "org.apache.kafka.tools.consumer.ConsoleConsumer"]
    consumer.write_text(f'#!/bin/sh\nexec {shlex.join(java)} "$@"\n')
    consumer.chmod(0o755)
    login, read = blocks("With Kafka's console consumer")
    await city.shell(login)
    assert (city.folder / "console.properties").stat().st_mode & 0o077 == 0
    await city.shell(read)
    lines = [line.split("\t") for line in (city.folder / "console.txt").read_text().splitlines()]
    copy = {key: json.loads(data) for _, key, data in lines}
    truth = await city.truth()
    await city.must_be_true({"schools": copy} | accounts(truth))
    assert all("ce_type:ekis.schools.v1" in headers for headers, _, _ in lines)


def test_no_command_of_the_page_is_left_out() -> None:
    known = [*blocks("In Python"), *blocks("With kcat"), *blocks("With Kafka's console consumer")]
    assert len(known) == PAGE.read_text().count("```sh")
