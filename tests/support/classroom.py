"""A class of a school on the real stack, set up over HTTP as its head would."""

from datetime import UTC, datetime

from story import Session, Story


async def opened_class(story: Story, head: Session, teacher: Session) -> dict[str, str]:
    """A class, 5А, with a pupil, Соловьёв Пётр, in a term that goes on; who teaches it mathematics. Its ids."""
    ok, headers = story.ok, head.headers
    day = datetime.now(UTC)
    year = day.year - (day.month < 9)
    term = {"year": year, "name": "Год", "starts": f"{year}-09-01", "ends": f"{year + 1}-08-31"}
    made = {"term_id": (await ok("POST", "/cabinet/terms", json=term, headers=headers))["term_id"]}
    form = {"name": "5А", "year": year}
    class_id = (await ok("POST", "/cabinet/classes", json=form, headers=headers))["class_id"]
    subject = await ok("POST", "/cabinet/subjects", json={"name": "Математика"}, headers=headers)
    me = await ok("GET", "/identity/me", headers=teacher.headers)
    of = {"class_id": class_id, "subject_id": subject["subject_id"]}
    await ok("POST", "/cabinet/loads", json=of | {"account_id": me["account_id"]}, headers=headers)
    pupil = {"last_name": "Соловьёв", "first_name": "Пётр", "since": f"{year}-09-01"}
    added = await ok("POST", f"/cabinet/classes/{class_id}/pupils", json=pupil, headers=headers)
    return made | of | {"pupil_id": added["pupil_id"]}
