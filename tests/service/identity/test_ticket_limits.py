"""What a ticket does not do for ever: wait for its guest, take in words."""

import asyncio
from datetime import timedelta

from ekis_contracts.identity import SupportTicketResolved

from .callers import Help
from .people import Desk


async def test_who_was_asked_and_is_silent_for_14_days_is_asked_no_more(helped: Help, desk: Desk) -> None:
    silent, awake, english = await helped.open(), await helped.open(), await helped.open(lang="en")
    for case in (silent, awake, english):
        await helped.do(case, "reply", {"text": "В какой школе вы работаете?"})
    desk.it.clock.move(timedelta(days=13, hours=23))
    await desk.it.run_loops()
    assert await helped.state(silent) == "waiting-for-user"
    await helped.say(awake)
    await helped.do(awake, "reply", {"text": "А номер школы?"})
    await desk.published()
    desk.it.clock.move(timedelta(hours=2))
    await desk.it.run_loops()
    assert [await helped.state(case) for case in (silent, awake)] == ["resolved", "waiting-for-user"]
    told = {one.number: one for one in await desk.told()}
    assert {type(one) for one in told.values()} == {SupportTicketResolved}
    assert f"завершаем обращение № {silent.number}" in desk.it.open(told[silent.number].letter).text
    assert f"ticket {english.number} ends here" in desk.it.open(told[english.number].letter).text
    assert (await helped.say(silent, "Простите, болела")).json()["state"] == "assigned", "it is not too late"
    desk.it.clock.move(timedelta(days=14))
    await desk.it.run_loops()
    assert [await helped.state(case) for case in (silent, english)] == ["assigned", "closed"]


async def test_a_thread_holds_200_messages_of_its_guest(helped: Help, desk: Desk) -> None:
    case = await helped.open()
    await desk.it.runtime.database.pool.execute(
        "INSERT INTO support_message SELECT gen_random_uuid(), ticket_id, at, author, by_account, private, text"
        " FROM support_message, generate_series(1, 198)"
    )
    answers = await asyncio.gather(*(helped.say(case) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 4], "the 200th is the last"
    full = await helped.say(case)
    assert (full.json()["code"], full.json()["most"]) == ("thread-full", 200)
    assert await helped.do(case, "reply", {"text": "Позвоните нам"}) == (200, ""), "the desk is not held up"
