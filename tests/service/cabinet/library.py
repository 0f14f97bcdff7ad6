"""An editor's work on documents, and what readers are shown of it."""

import random
from datetime import timedelta
from typing import Any

from chassis.db import new_id
from chassis.testing.opened import Opened

from .conftest import Person
from .uploads import uploaded

CARD = {
    "number": "15-р",
    "issued_on": "2026-11-01",
    "issuer": "Департамент образования",
    "kind": "order",
    "title": "О порядке аттестации",
}
SYLLABLES = tuple(first + second for first, second in zip("бвгджзклмн", "аеиоуыюяаи", strict=True))


def statute(letters: int, seed: int = 1) -> str:
    """A long text of invented Russian-like words in paragraphs."""
    chance, words, length = random.Random(seed), [], 0
    while length < letters:
        word = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) + chance.choice(["", ".", ",", ".\n"])
        words.append(word)
        length += len(word) + 1
    return " ".join(words)


class Library:
    """An editor at work, signed in anew each time: clocks move here."""

    def __init__(self, it: Opened) -> None:
        self.it, self.account_id = it, new_id()

    @property
    def headers(self) -> dict[str, str]:
        return self.it.signed_in(account_id=self.account_id, roles=["editor"])

    async def ask(self, method: str, path: str, match: str = "*", **options: Any) -> Any:
        headers = self.headers | {"If-Match": match} | options.pop("headers", {})
        return await self.it.http.request(method, f"/cabinet/documents{path}", headers=headers, **options)

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.ask(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json()

    async def write(self, **card: Any) -> str:
        return str((await self.ok("POST", "", json=CARD | card))["document_id"])

    async def draft(self, document_id: str, content: bytes = b"x", name: str = "приказ.txt", **terms: Any) -> Any:
        file_id = await uploaded(self.it, self.headers, content, name)
        body = {"file_id": file_id, "in_force_from": "2026-12-01"} | terms
        return await self.ask("POST", f"/{document_id}/versions", json=body)

    async def publish(self, document_id: str, content: bytes = b"x", **terms: Any) -> Any:
        """A version that is out, its text read."""
        drafted = await self.draft(document_id, content, **terms)
        assert drafted.status_code == 201, drafted.text
        answer = await self.ask("POST", f"/{document_id}/versions/{drafted.json()['no']}/publish")
        assert answer.status_code == 200, answer.text
        await self.it.run_loops()
        return answer.json()

    async def published(self, content: bytes = b"x", card: dict[str, Any] | None = None, **terms: Any) -> str:
        document_id = await self.write(**(card or {}))
        await self.publish(document_id, content, **terms)
        return document_id

    async def mandatory(self, days: int = 10, card: dict[str, Any] | None = None, content: bytes = b"x") -> str:
        return await self.published(content, card, is_mandatory=True, acknowledge_by=self.ahead(days))

    def ahead(self, days: float) -> str:
        return (self.it.clock() + timedelta(days=days)).isoformat()

    async def found(self, reader: Person, q: str, **more: Any) -> list[dict[str, Any]]:
        answer = await self.it.http.get("/cabinet/documents", params={"q": q} | more, headers=reader.headers(self.it))
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def acknowledge(self, document_id: str, reader: Person, version: int = 1) -> Any:
        path = f"/cabinet/documents/{document_id}/acknowledgement"
        return await self.it.http.post(path, json={"version": version}, headers=reader.headers(self.it))

    def head(self, person: Person) -> dict[str, str]:
        return self.it.signed_in(account_id=person.account_id, category="head", school_id=person.school_id)

    async def matrix(self, document_id: str, head: Person) -> dict[str, str | None]:
        path = f"/cabinet/documents/{document_id}/acknowledgements"
        answer = await self.it.http.get(path, headers=self.head(head))
        assert answer.status_code == 200, answer.text
        return {
            one["last_name"] or one["name"]: one["acknowledged"] and one["acknowledged"]["sha256"]
            for one in answer.json()["items"]
        }
