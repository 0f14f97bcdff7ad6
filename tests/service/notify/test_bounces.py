"""Mails that come back: matched by their tagged return path, told once, hostile ones without effect."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from bounced import deliver, made_maildir, report
from chassis.testing.opened import Opened
from ekis_contracts.notify import NotificationFailed
from ekis_local.devmail import Devmail
from notify.actions.bounces import bounce_tag
from notify.domain.addresses import tagged_return_path
from notify.gateways import bounces as gateway
from notify.loops import bounces as bounce_loop
from notify.store.deliveries import mail_for_update

from .conftest import OpenNotify, Person, fault, rows, tell, wait_and_send

BOUNCES = "bounces@ekis.example"


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return made_maildir(tmp_path / "bounces")


@pytest.fixture
async def notify(open_notify: OpenNotify, maildir: Path) -> AsyncIterator[Opened]:
    async with open_notify(bounce_address=BOUNCES, bounce_maildir=maildir) as it:
        yield it


@pytest.fixture
def bouncing(notify: Opened, mail: Devmail, maildir: Path) -> tuple[Opened, Devmail, Path]:
    return notify, mail, maildir


def left(maildir: Path) -> tuple[int, int]:
    """How many reports nobody has looked at, and how many were put aside."""
    return len(list((maildir / "new").iterdir())), len(list((maildir / "cur").iterdir()))


async def suppressed(notify: Opened) -> int:
    return int(await notify.runtime.database.pool.fetchval("SELECT count(*) FROM suppression"))


async def test_every_mail_has_a_return_path_of_its_own(notify: Opened, mail: Devmail, anna: Person) -> None:
    await tell(notify, anna.created())
    await tell(notify, anna.activated(), 2)
    paths = {message.sender for message in mail.messages}
    assert len(paths) == 2
    assert all(path.startswith("bounces+") and path.endswith("@ekis.example") for path in paths)
    assert all(len(path.partition("@")[0]) <= 64 for path in paths)


async def test_a_hard_bounce_is_told_once_with_the_credential(
    notify: Opened, mail: Devmail, anna: Person, maildir: Path
) -> None:
    envelope = await tell(notify, anna.created(3))
    await notify.published()
    for _ in range(2):
        deliver(maildir, report(mail.messages[0].sender))
        await notify.run_loops()
    ((told, about),) = await notify.published()
    assert isinstance(told, NotificationFailed)
    assert (told.outcome, told.code, told.credential_no, told.about_event) == ("bounced", "5.1.1", 3, envelope.id)
    assert about.sequence == 2
    assert await rows(notify, "state", "code", "due_at") == [("bounced", "5.1.1", None)]
    assert left(maildir) == (0, 1), "the second says nothing new"


@pytest.mark.parametrize(
    ("said", "state", "suppresses"),
    [
        (("5.1.1", "failed"), "bounced", True),
        (("5.1.10", "Failed"), "bounced", True),
        (("5.2.1", "failed"), "bounced", True),
        (("5.2.2", "failed"), "bounced", False),
        (("5.7.1 (spam)", "failed"), "bounced", False),
        (("4.4.7", "failed"), "bounced", False),
        (("4.2.2", "delayed"), "sent", False),
        (("2.0.0", "delivered"), "sent", False),
        (("2.0.0", "failed"), "sent", False),
        (("5", "failed"), "sent", False),
    ],
)
async def test_the_end_of_all_tries_is_a_bounce_and_a_dead_mailbox_is_avoided(
    bouncing: tuple[Opened, Devmail, Path], said: tuple[str, str], state: str, suppresses: bool
) -> None:
    notify, mail, maildir = bouncing
    await tell(notify, Person().activated())
    deliver(maildir, report(mail.messages[0].sender, *said))
    await notify.run_loops()
    assert [row[0] for row in await rows(notify, "state")] == [state]
    assert await suppressed(notify) == suppresses
    assert left(maildir) == (0, 0)


async def test_a_bounce_ends_a_mail_whose_answer_was_lost(notify: Opened, mail: Devmail, maildir: Path) -> None:
    fault(mail, "eod", "drop")
    await tell(notify, Person().activated())
    deliver(maildir, report(mail.messages[0].sender))
    await notify.run_loops()
    await wait_and_send(notify, hours=2)
    assert (await rows(notify, "state"), len(mail.messages)) == ([("bounced",)], 1)


async def test_a_bounce_waits_until_the_sending_is_recorded(notify: Opened, mail: Devmail, maildir: Path) -> None:
    await tell(notify, Person().activated())
    pool = notify.runtime.database.pool
    later = notify.clock() + timedelta(seconds=30)
    await pool.execute("UPDATE mail SET state = 'sending', due_at = $1, locked_until = $1", later)
    deliver(maildir, report(mail.messages[0].sender))
    await notify.run_loops()
    assert left(maildir) == (1, 0)
    await pool.execute("UPDATE mail SET state = 'sent', due_at = NULL")
    await notify.run_loops()
    assert (await rows(notify, "state"), left(maildir)) == ([("bounced",)], (0, 0))


def nested(depth: int) -> bytes:
    heads = b"".join(b'Content-Type: multipart/report; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return b"To: %s\r\n" + heads


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: report(path.replace(path[-23:-13], "0" * 10)),
        lambda path: report(path.partition("+")[0] + "@ekis.example"),
        lambda path: report(f"{path}, {path.replace('bounces+', 'bounces+0')[:-1]}", blocks=2),
        lambda path: report(path, blocks=0),
        lambda path: report(path, blocks=3),
        lambda path: report(path).replace(b"multipart/report", b"multipart/mixed"),
        lambda path: report(path).replace(b"message/delivery-status", b"text/plain"),
        lambda path: nested(2_000).replace(b"%s", path.encode()),
        lambda path: b"To: %s\r\n\r\n" % path.encode() + b"x" * 5_000_000,
        lambda path: b"\xff\x00" * 1_000 + path.encode(),
        lambda _: b"",
        lambda path: f"To: {path}\r\nSubject: vacation\r\n\r\nI am away.".encode(),
    ],
    ids=[
        "tag",
        "untagged",
        "two",
        "no-fate",
        "fates",
        "mixed",
        "no-status",
        "nested",
        "huge",
        "bytes",
        "empty",
        "reply",
    ],
)
async def test_what_is_no_report_on_our_mail_has_no_effect(
    notify: Opened, mail: Devmail, maildir: Path, spoil: Callable[[str], bytes]
) -> None:
    await tell(notify, Person().activated())
    await notify.published()
    deliver(maildir, spoil(mail.messages[0].sender))
    await notify.run_loops()
    assert (await rows(notify, "state"), await notify.published()) == ([("sent",)], [])
    assert (await suppressed(notify), left(maildir)) == (0, (0, 1))


async def test_a_report_on_a_mail_that_nobody_knows_has_no_effect(notify: Opened, maildir: Path) -> None:
    await notify.tell(Person().activated())
    async with notify.runtime.database.transaction() as tx:
        known = await mail_for_update(tx, (await rows(notify, "mail_id"))[0][0])
    stranger = replace(known, mail_id=uuid4())
    path = tagged_return_path(BOUNCES, stranger.mail_id, bounce_tag(notify.runtime.database.secret, stranger))
    deliver(maildir, report(path))
    await notify.run_loops()
    assert (await suppressed(notify), left(maildir)) == (0, (0, 1))


async def test_a_late_bounce_of_the_first_sending_says_nothing_of_a_corrected_address(
    bouncing: tuple[Opened, Devmail, Path], anna: Person
) -> None:
    notify, mail, maildir = bouncing
    await tell(notify, anna.activated())
    deliver(maildir, report(mail.messages[0].sender, "5.2.2"))
    await notify.run_loops()
    await notify.tell(Person(anna.account_id, "right@mail.ru").suspended(), 2)
    ((mail_id,),) = await notify.runtime.database.pool.fetch("SELECT mail_id FROM mail WHERE state = 'bounced'")
    again = await notify.http.post(f"/notify/deliveries/{mail_id}/resend", headers=notify.signed_in(roles=["support"]))
    assert again.status_code == 202
    await notify.run_loops()
    await notify.published()
    deliver(maildir, report(mail.messages[0].sender))
    await notify.run_loops()
    assert (await notify.published(), await suppressed(notify), left(maildir)) == ([], 0, (0, 1))
    second = [message.sender for message in mail.messages if mail_id.hex in message.sender][-1]
    deliver(maildir, report(second))
    await notify.run_loops()
    assert [event.outcome for event in await notify.published_events()] == ["bounced"]
    assert await suppressed(notify) == 1


def vanish(file: Path) -> None:
    file.unlink()


def become_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("meddle", "moment", "aside"),
    [(vanish, "listed", 0), (vanish, "aged", 0), (become_a_folder, "listed", 1), (become_a_folder, "aged", 1)],
)
async def test_one_file_that_cannot_be_read_holds_up_no_other(
    bouncing: tuple[Opened, Devmail, Path],
    monkeypatch: pytest.MonkeyPatch,
    meddle: Callable[[Path], None],
    moment: str,
    aside: int,
) -> None:
    notify, mail, maildir = bouncing
    await tell(notify, Person().activated())
    spoilt = maildir / "new" / deliver(maildir, b"x")
    deliver(maildir, report(mail.messages[0].sender))

    @contextmanager
    def scandir(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
        with os.scandir(folder) as entries:
            listed = list(entries)
        present = spoilt.exists()
        if present and moment == "listed":
            meddle(spoilt)
        yield listed
        if present and moment == "aged":
            meddle(spoilt)

    monkeypatch.setattr(gateway, "scandir", scandir)
    await bounce_loop.read_bounces(notify.runtime)
    assert (await rows(notify, "state"), left(maildir)) == ([("bounced",)], (0, aside))


async def test_a_report_with_a_huge_mail_in_it_is_read_to_its_status(
    notify: Opened, mail: Devmail, maildir: Path
) -> None:
    await tell(notify, Person().activated())
    deliver(maildir, report(mail.messages[0].sender, returned="Subject: x\r\n\r\n" + "y" * 20_000_000))
    await notify.run_loops()
    assert await rows(notify, "state") == [("bounced",)]


async def test_an_address_that_bounced_gets_no_more_mails_until_its_time_is_over(
    notify: Opened, mail: Devmail, anna: Person, maildir: Path
) -> None:
    await tell(notify, anna.created())
    deliver(maildir, report(mail.messages[0].sender))
    await notify.run_loops()
    await notify.published()
    await tell(notify, anna.restored(2), 2)
    (told,) = await notify.published_events()
    assert (told.outcome, told.code, told.credential_no) == ("failed", "suppressed", 2)
    assert (await rows(notify, "contact", "secret"))[1] == (None, None)
    await tell(notify, Person(email="ANNA+ekis@Mail.RU").activated())
    await tell(notify, Person(email="anna@mail.com").activated())
    assert [message.to[0] for message in mail.messages] == ["anna@mail.ru", "anna@mail.com"]
    notify.clock.move(timedelta(days=181))
    await tell(notify, Person().activated())
    assert len(mail.messages) == 3
    assert await suppressed(notify) == 0


async def test_the_farewell_to_an_address_that_bounced_fails_and_the_receipt_is_given(
    notify: Opened, mail: Devmail, anna: Person, maildir: Path
) -> None:
    await tell(notify, anna.created())
    deliver(maildir, report(mail.messages[0].sender))
    await notify.run_loops()
    await notify.published()
    await tell(notify, anna.disabled(), 2)
    failed, receipt = await notify.published_events()
    assert (failed.purpose, failed.code) == ("account-disabled", "suppressed")
    assert receipt.counts == {"addresses": 1, "mails": 1, "preferences": 0, "entries": 0}
    assert len(mail.messages) == 1
    assert set(await rows(notify, "contact", "recipient", "mask", "secret")) == {(None, None, None, None)}
    assert await suppressed(notify) == 0
