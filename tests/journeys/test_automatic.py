"""Who is on the roll by this very e-mail gets an account without anybody's help, and a cabinet after signing in."""

from story import NEW_PASSWORD, Person, School, Story


async def test_from_an_unknown_school_to_an_open_cabinet(story: Story) -> None:
    head, teacher = Person("Орлова", "Вера", "Ильинична"), Person()
    school = await story.register(head)
    await story.enrol(school, teacher)

    ticket = await story.ask(teacher, school)
    page = await story.reaches(ticket, "issued")
    assert [step["state"] for step in page["timeline"]][:1] == ["received"]
    login, session = await story.enter(teacher)
    assert (session.body["scope"], session.body["required"]) == ("full", [])

    me = await story.ok("GET", "/identity/me", headers=session.headers)
    assert (me["login"], me["category"], me["school_id"]) == (login, "employee", school.school_id)
    assert me["full_name"] == "Иванова Анна Сергеевна"
    await story.reaches(ticket, "activated")
    await story.mail(teacher.email, "Кабинет")
    form = await story.workplace(session)
    assert form.status_code == 200, form.text
    assert form.json()["post"] == "учитель математики"

    again = await story.sign_in(login, NEW_PASSWORD)
    assert again.body["scope"] == "full"


async def test_the_same_request_twice_makes_one_account_and_both_pages_look_alike(story: Story) -> None:
    head, teacher = Person(), Person("Сидорова", "Анна")
    school = await story.register(head)
    await story.enrol(school, teacher)
    first, second = await story.ask(teacher, school), await story.ask(teacher, school)
    await story.reaches(first, "issued")
    assert set(await story.track(second)) == set(await story.track(first))
    mails = [one for one in await story.mailbox(teacher.email) if "Одноразовый пароль" in one["text"]]
    assert len(mails) == 1


async def test_a_school_is_registered_once(story: Story) -> None:
    head = Person()
    school = await story.register(head)
    answer = await story.call(
        "POST",
        "/registry/applications",
        json={
            "school": School(school.inn, school.ogrn, school.kpp).form(),
            "applicant": {**head.name, "post": "директор", "email": head.email, "ground": "head"},
            "consent": True,
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "school-already-registered")
    assert school.name in answer.json()["title"]
