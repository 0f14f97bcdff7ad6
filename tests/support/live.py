"""The story against a running stack: through the gateway, with mails read where they arrived."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
from ekis_local.kafka import Kafka
from ekis_local.services import make_operator
from ekis_local.stack import Stack, temporary_stack
from story import Check, Mail, Story
from waiting import until

PATIENCE = 30.0
TOKEN_LIVES = 240.0  # seconds; five minutes in truth


@dataclass
class Live:
    """A stack and a client of its gateway."""

    stack: Stack
    client: httpx.AsyncClient
    patience: float = PATIENCE
    _operators: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)

    @property
    def story(self) -> Story:
        return Story(self.call, self.mailbox, self.operator, self.settle)

    @property
    def kafka(self) -> Kafka:
        """The stack's broker or brokers, for a witness."""
        assert self.stack.brokers
        return self.stack.brokers

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        self.client.cookies = options.pop("cookies", httpx.Cookies())
        answer = await self.client.request(method, path, **options)
        self.client.cookies = httpx.Cookies()
        return answer

    async def mailbox(self, address: str) -> list[Mail]:
        answer = await self.client.get(f"{self.stack.mail_api}/messages", params={"to": address})
        return [one for one in answer.json() if address in one["to"]]

    async def operator(self, role: str) -> dict[str, str]:
        """Headers of an operator, signed in anew before the token ends."""
        signed, headers = self._operators.get(role, (-TOKEN_LIVES, {}))
        if monotonic() - signed > TOKEN_LIVES:
            if role not in self._operators:
                await make_operator(role, self.stack.passwords["operators", role], self.stack.env("identity"))
            body = {"login": role, "password": self.stack.passwords["operators", role], "remember_me": False}
            answer = await self.call("POST", "/identity/sessions", json=body)
            assert answer.is_success, answer.text
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            self._operators[role] = (monotonic(), headers)
        return headers

    def forget_operators(self) -> None:
        """Their tokens are worth nothing any more; the next use signs them in."""
        self._operators = {role: (-TOKEN_LIVES, {}) for role in self._operators}

    async def settle(self, check: Check) -> Any:
        found: list[Any] = []

        async def look() -> bool:
            found[:] = [await check()]
            return bool(found[0])

        await until(look, "the story goes on", self.patience)
        return found[0]


@asynccontextmanager
async def live_stack(**options: Any) -> AsyncIterator[Live]:
    """A private stack without the generated city; its operators are made when they are first needed."""
    async with (
        temporary_stack(seeded=False, **options) as stack,
        httpx.AsyncClient(base_url=f"{stack.gateway}/api", timeout=PATIENCE) as client,
    ):
        yield Live(stack, client)
