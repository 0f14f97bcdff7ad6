"""What a person's cabinet holds, section by section: erased at the end of the account, exported when asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.outbox import Tx, publish
from ekis_contracts.cabinet import PersonalDataErased
from ekis_contracts.values import AccountFacts

from cabinet.contests.actions.entries import erase_entries
from cabinet.contests.store import contests, entries
from cabinet.diary.store import ends as diary
from cabinet.diary.store import own
from cabinet.documents.store import acknowledgements
from cabinet.exams.store import results as exams
from cabinet.files import store as files
from cabinet.news import store as news
from cabinet.notices import store as notices
from cabinet.online.store import lessons as online
from cabinet.people import store as people
from cabinet.people.actions import locked_account
from cabinet.polls.store import answers as poll_answers
from cabinet.polls.store import polls
from cabinet.workplace import store as workplace

# Kind of data -> what deletes it for an account and says how many there were. `kind-...` in messages.toml names it
PERSONAL: Mapping[str, Callable[[Tx, UUID], Awaitable[int]]] = {
    "workplaces": workplace.delete_workplace,
    "teaching-loads": diary.delete_loads,
    "substitutes": diary.delete_substitutes,
    "late-leaves": diary.delete_leaves,
    "classes-led": diary.leave_classes,
    "inbox": notices.delete_inbox,
    "news-marks": news.delete_marks,
    "poll-answers": poll_answers.delete_answers,
    "contest-entries": erase_entries,
    "online-rooms": online.forget_links,
    "loose-files": files.detach_files_of,
}

# Kind of data -> what reads all of it; what stays at the end of the account (records of the school) is here too
EXPORTS: Mapping[str, Callable[[Tx, UUID], Awaitable[list[dict[str, Any]]]]] = {
    "names": people.known_of,
    "workplaces": workplace.known_of,
    "teaching-loads": own.loads_of,
    "substitutes": own.substitutes_of,
    "late-leaves": own.leaves_of,
    "classes-led": own.classes_led_by,
    "lessons-entered": own.lessons_by,
    "marks-given": own.marks_by,
    "finals-given": own.finals_by,
    "online-lessons": online.given_by,
    "inbox": notices.known_of,
    "news-marks": news.marks,
    "news-written": news.written_by,
    "poll-answers": poll_answers.answered_by,
    "polls-written": polls.written_by,
    "contest-entries": entries.entries_of,
    "contests-written": contests.written_by,
    "acknowledgements": acknowledgements.acknowledged_by,
    "exam-familiarisations": exams.familiarised_by,
    "files": files.known_of,
}


async def erase_account(tx: Tx, facts: AccountFacts) -> None:
    """Delete the personal section and say what went. Asked again, answer again."""
    account = await locked_account(tx, facts.account_id)
    receipt = account.receipt
    if receipt is None:
        await people.forget_staff_name(tx, facts.staff_id)  # before contests: who enters one locks in this order
        receipt = {kind: await delete(tx, account.account_id) for kind, delete in PERSONAL.items()}
        receipt["names"] = int(account.name is not None)
        account = replace(account, former_no=await people.next_former_no(tx, facts.school_id))
    account = account.erased(receipt)
    await people.save_account(tx, account)
    erased = PersonalDataErased(account_id=account.account_id, service="cabinet", counts=receipt, erased_at=tx.now)
    publish(tx, erased, account.version)
