"""Operators by tokens that tests make, their tickets, and their deeds of two."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from chassis.testing.opened import Opened
from ekis_contracts import Envelope, Event
from ekis_contracts.identity import AccountStanding, SessionsRevoked
from ekis_contracts.values import AccountFacts

_EMPLOY = """
INSERT INTO account (id, state, lang, session_epoch, roles)
SELECT asked_by, 'active', 'ru', 1, ARRAY[CASE channel WHEN 'desk' THEN 'support' ELSE 'admin' END] FROM deed
ON CONFLICT DO NOTHING
"""

FACTS = set(AccountFacts.model_fields)


def changes_account(event: Event) -> bool:
    """Whether an account's public block is another one now. An operator's account has none, nor an address."""
    revoked_all = isinstance(event, SessionsRevoked) and not event.sids and event.contact is not None
    return revoked_all or isinstance(event, AccountFacts)


@dataclass
class Operators:
    """An opened identity as operators use it."""

    it: Opened

    @property
    def http(self) -> httpx.AsyncClient:
        return self.it.http

    async def told(self) -> list[Any]:
        """The events published since the last look, without the states of accounts."""
        return [event for event, _ in await self.published()]

    async def published(self) -> list[tuple[Any, Envelope]]:
        """The same with their envelopes. An event that changes an account is followed by its state, of its version."""
        published = await self.it.published()
        states = [one for one in published if isinstance(one[0], AccountStanding)]
        told = [one for one in published if not isinstance(one[0], AccountStanding)]
        changing = [one for one in told if changes_account(one[0])]
        for (event, at), (state, beside) in zip(changing, states, strict=True):
            assert at.sequence == beside.sequence
            assert event.model_dump(include=FACTS).items() <= state.model_dump().items()
        return told

    async def deed_of(self, account_id: UUID) -> str:
        """The id of the only deed that waits at this account."""
        listed = (await self.http.get("/identity/deeds", headers=self.by("support"))).json()["items"]
        (found,) = [deed["deed_id"] for deed in listed if deed["account_id"] == str(account_id)]
        return str(found)

    async def approve(self, account_id: UUID, who: dict[str, str]) -> httpx.Response:
        """A second person agrees to what waits at this account."""
        await self.employ_askers()
        return await self.http.post(f"/identity/deeds/{await self.deed_of(account_id)}/approve", headers=who)

    async def case(self, account_id: UUID | None = None) -> str:
        """The number of a new ticket, of this account; its event is taken away."""
        form = {"kind": "question", "contact": {"email": "guest@mail.example"}, "text": "Помогите, пожалуйста."}
        opened = await self.http.post("/identity/support/tickets", json=form, headers=self.by("support"))
        number = str(opened.json()["number"])
        if account_id:
            path, body = f"/identity/support/tickets/{number}/link", {"account_id": str(account_id)}
            assert (await self.http.post(path, json=body, headers=self.by("support"))).status_code == 200
        await self.it.runtime.database.pool.execute("DELETE FROM outbox WHERE topic = 'support-ticket-opened'")
        return number

    async def ground(self, reason: str = "проверка", account_id: UUID | None = None) -> dict[str, str]:
        """Why an operator acts, and on which ticket."""
        return {"reason": reason, "ticket": await self.case(account_id)}

    async def employ_askers(self) -> None:
        """Whoever asks by a token that a test has made is an operator of the database too."""
        await self.it.runtime.database.pool.execute(_EMPLOY)

    def by(self, role: str) -> dict[str, str]:
        return self.it.signed_in(roles=[role])
