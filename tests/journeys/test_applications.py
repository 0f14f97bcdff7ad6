"""Everybody who applies for a school is told what became of it."""

from datetime import timedelta

from story import Person, School
from world import World


async def test_of_two_who_apply_for_one_school_both_are_told(world: World) -> None:
    story, head, deputy, school = world.story, Person("Орлова", "Вера"), Person("Чернов", "Олег"), School()
    first, second = await story.apply(head, school), await story.apply(deputy, school)
    registrar = await story.operator("registrar")
    path = f"/registry/applications/{first.number}"
    seen = await story.ok("GET", f"{path}/review", headers=registrar)
    assert [one["number"] for one in seen["applications"]] == [second.number]
    await story.ok("POST", f"{path}/decision", json={"decision": "approve"}, headers=registrar)
    await story.mail(head.email, f"Школа внесена в реестр, заявка {first.number}")
    letter = await story.mail(deputy.email, f"Школа уже в реестре, заявка {second.number} закрыта")
    assert "/request" in letter["text"]
    page = await story.ok("GET", f"/registry/applications/{second.number}", headers=second.headers)
    assert [step["state"] for step in page["timeline"] if not (step["reason"] or "").startswith("mail-")] == [
        "submitted",
        "rejected",
    ]


async def test_withdrawal_and_silence_are_told_too(world: World) -> None:
    story, head, silent = world.story, Person("Орлова", "Вера"), Person("Тихонова", "Нина")
    withdrawn, asked = await story.apply(head, School()), await story.apply(silent, School())
    await story.ok("POST", f"/registry/applications/{withdrawn.number}/withdraw", headers=withdrawn.headers)
    await story.mail(head.email, f"Заявка {withdrawn.number} отозвана")
    body = {"decision": "clarify", "text": "Уточните адрес"}
    path = f"/registry/applications/{asked.number}/decision"
    await story.ok("POST", path, json=body, headers=await story.operator("registrar"))
    await story.mail(silent.email, f"Нужно уточнение по заявке {asked.number}")
    await world.pass_time(timedelta(days=31))
    await story.mail(silent.email, f"Заявка {asked.number} закрыта")
