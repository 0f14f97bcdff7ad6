"""The takeover: a stranger asks with a teacher's name and roll address, then corrects the address. Nothing but the
version of the request that a verdict names stands between the stranger and the credentials."""

import pytest
from chassis.errors import WrongStep
from identity.domain import requests
from identity.domain.request import JUDGED, Request, Verdict
from story import PASSWORD, Mail, Person, School, Story


def ignore_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: a verdict counts whatever version it judged."""

    def judge_any_version(request: Request, _: Verdict) -> None:
        if request.state not in JUDGED:
            raise WrongStep(request.state, "verdict")

    monkeypatch.setattr(requests, "_judge", judge_any_version)


async def attempt(story: Story, teacher: Person, school: School, stranger: Person) -> bool:
    """Ask and correct at once, wait, and withdraw to be free for the next one. Whether the correction came in time."""
    ticket = await story.ask(teacher, school)
    path = f"/identity/account-requests/{ticket.number}"
    answer = await story.call("PATCH", path, json={"email": stranger.email}, headers=ticket.headers)
    assert answer.status_code in (200, 409), answer.text

    async def resting() -> str | None:
        state = str((await story.track(ticket))["state"])
        return state if state in ("referred", "issued") else None

    await story.settle(resting)
    await story.call("POST", f"{path}/withdraw", headers=ticket.headers)
    return answer.status_code == 200


async def stolen(story: Story, stranger: Person) -> list[Mail]:
    """Credentials that have come to the stranger."""
    return [one for one in await story.mailbox(stranger.email) if PASSWORD.search(one["text"])]
