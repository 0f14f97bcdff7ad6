"""An attempt at a mail is a span in the trace of the event that caused the mail, and tells nobody's address."""

from collections.abc import AsyncIterator

import pytest
from chassis.testing.opened import Opened
from collector import Collector, exporting
from ekis_local.devmail import Devmail

from .conftest import Person, fault, tell, wait_and_send


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with Collector() as it:
        yield it


@pytest.mark.parametrize(
    ("wrong", "reason"), [(("rcpt", "reply"), "550"), (("mail", "drop"), "disconnected"), (("eod", "hang"), "timeout")]
)
async def test_what_became_of_a_mail_is_told_by_a_code(
    notify: Opened, mail: Devmail, collector: Collector, wrong: tuple[str, str], reason: str
) -> None:
    fault(mail, *wrong, "550 5.1.1 <anna@mail.ru> no such user")
    async with exporting(collector, "notify"):
        await tell(notify, Person().activated())
    (attempt,) = [span for span in collector.spans if span.name == "send mail"]
    reaction = collector.of(attempt.trace)[attempt.parent]
    assert reaction.name == "welcome account-activated"
    assert (attempt.failed, attempt.said["error.type"]) == (True, reason)
    assert b"anna" not in b"".join(collector.bodies)


async def test_attempts_stay_in_the_trace_and_so_does_what_became_of_it(
    notify: Opened, mail: Devmail, collector: Collector
) -> None:
    fault(mail, "rcpt", "reply", "451 4.7.1 later")
    async with exporting(collector, "notify"):
        await tell(notify, Person().activated())
        await wait_and_send(notify, minutes=1)
    attempts = [span for span in collector.spans if span.name == "send mail"]
    assert [(span.said["ekis.mail.attempt"], span.failed) for span in attempts] == [(1, True), (2, False)]
    assert {span.parent for span in attempts} == {attempts[0].parent}
    ((_, envelope),) = await notify.published()
    assert (envelope.traceparent or "").split("-")[1:3] == [attempts[0].trace, attempts[0].parent]
