"""What tests of the feed say again and again: a registrar with a file."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from httpx import Response
from registry.actions.imports import jobs
from registry.loops.imports import work_imports

from .conftest import Registry

PATH = "/registry/imports"


@dataclass
class Feed:
    """A registrar at the desk, with files."""

    registry: Registry

    def __post_init__(self) -> None:
        self.registrar = self.registry.registrar

    async def upload(self, data: bytes, name: str = "реестр.csv", headers: Any = None, **form: Any) -> Response:
        form = {"kind": "schools", "mode": "apply"} | form
        files = {"file": (name, data, "application/octet-stream")}
        answer: Response = await self.registry.http.post(
            PATH, data=form, files=files, headers=self.registrar | (headers or {})
        )
        return answer

    async def queue(self, data: bytes, **form: Any) -> str:
        answer = await self.upload(data, **form)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["import_id"])

    async def run(self, data: bytes, **form: Any) -> dict[str, Any]:
        """Upload and work until nothing is due."""
        import_id = await self.queue(data, **form)
        await self.work()
        return await self.state(import_id)

    async def work(self) -> None:
        while await work_imports(self.registry.it.runtime):
            pass

    async def state(self, import_id: str, **headers: str) -> dict[str, Any]:
        answer = await self.registry.http.get(f"{PATH}/{import_id}", headers=self.registrar | headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def post(self, import_id: str, step: str, **body: Any) -> Response:
        answer: Response = await self.registry.http.post(
            f"{PATH}/{import_id}/{step}", json=body or None, headers=self.registrar
        )
        return answer

    async def report(self, import_id: str, lang: str = "ru") -> list[list[str]]:
        """The lines of the report, without the header."""
        answer = await self.registry.http.get(
            f"{PATH}/{import_id}/report", headers=self.registrar | {"Accept-Language": lang}
        )
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]

    async def schools(self) -> dict[str, dict[str, Any]]:
        """All of them by their short names."""
        rows = await self.registry.it.runtime.database.pool.fetch("SELECT * FROM school")
        return {row["short_name"]: dict(row) for row in rows}

    def pass_lease(self) -> None:
        """The worker that held an import is dead for long."""
        self.registry.it.clock.move(timedelta(seconds=jobs.LEASE + 1))


def counts(state: dict[str, Any]) -> dict[str, int]:
    """Those that are not zero."""
    names = ("total", "done", "new", "changed", "unchanged", "rejected", "missing")
    return {name: state[name] for name in names if state[name]}
