"""Leases of mails: who has lost one says nothing over who holds it; who begins again takes back its own."""

import socket
from datetime import timedelta

import pytest
from chassis.settings import ServiceSettings
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.notify import NotificationSent
from ekis_local.devmail import Devmail
from notify.actions import sending as actions
from notify.domain.mails import Mail, Outcome

from .conftest import Person, rows, states, tell


async def claimed_by(it: Opened, replica: str) -> Mail:
    """The one mail that is due."""
    async with it.runtime.database.transaction() as tx:
        (taken,) = await actions.claim_mails(tx, [], 1, replica)
    return taken


async def taken_over(it: Opened) -> tuple[Mail, Mail]:
    """The one mail in the hands of the first, whose lease has run out, and of the second, who has it now."""
    of_first = await claimed_by(it, "first")
    it.clock.move(timedelta(seconds=61))
    return of_first, await claimed_by(it, "second")


async def recorded(it: Opened, mail: Mail, outcome: Outcome, replica: str) -> None:
    async with it.runtime.database.transaction() as tx:
        await actions.record_outcomes(tx, [(mail, outcome)], replica)


@pytest.mark.parametrize(
    "late", [Outcome("returned"), Outcome("deferred", "timeout"), Outcome("refused", "550"), Outcome("lost", "timeout")]
)
async def test_who_has_lost_the_lease_says_nothing_over_who_holds_it(notify: Opened, late: Outcome) -> None:
    await notify.tell(Person().activated())
    of_first, of_second = await taken_over(notify)
    await recorded(notify, of_first, late, "first")
    assert await rows(notify, "state", "locked_by", "locked_until IS NULL") == [("sending", "second", False)]
    assert await notify.published() == []
    await recorded(notify, of_second, Outcome("accepted"), "second")
    assert (await states(notify), len(await notify.published())) == ({"account-activated": "sent"}, 1)


async def test_what_was_sent_counts_whoever_holds_the_lease(notify: Opened) -> None:
    await notify.tell(Person().activated())
    of_first, of_second = await taken_over(notify)
    await recorded(notify, of_first, Outcome("accepted"), "first")
    await recorded(notify, of_second, Outcome("refused", "550"), "second")
    assert [event.outcome for event in await notify.published_events()] == ["sent"]
    assert await rows(notify, "state", "due_at") == [("sent", None)]


async def test_a_farewell_in_other_hands_leaves_its_reader_known(notify: Opened, anna: Person) -> None:
    await tell(notify, anna.activated())
    await notify.tell(anna.disabled(), 2)
    await notify.published()
    of_first, of_second = await taken_over(notify)
    await recorded(notify, of_first, Outcome("refused", "550"), "first")
    assert await notify.published() == []
    await recorded(notify, of_second, Outcome("accepted"), "second")
    assert [event.type for event in await notify.published_events()] == [
        NotificationSent.type,
        PersonalDataErased.type,
    ]


def test_replicas_on_hosts_of_their_own_have_names_of_their_own() -> None:
    assert ServiceSettings.model_fields["instance"].get_default(call_default_factory=True) == socket.gethostname()


async def test_a_mail_that_never_left_survives_any_number_of_deaths(notify: Opened, mail: Devmail) -> None:
    await notify.tell(Person().activated())
    for deaths in range(1, 4):
        async with notify.runtime.database.transaction() as tx:
            (taken,) = await actions.claim_mails(tx, [], 1, "0")
        assert taken.lost == deaths - 1
        async with notify.runtime.database.transaction() as tx:
            await actions.take_over(tx, "0")
    await notify.run_loops()
    assert (len(mail.messages), await rows(notify, "lost")) == (1, [(3,)])
