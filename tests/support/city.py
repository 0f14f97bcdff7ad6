"""A system of the city beside a running stack: its login, its folder, and whether the copy it has made is true."""

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from by_document import Reader
from journal import Journal
from live import Live
from topics import Ends

DOCS = Path(__file__).parents[2] / "docs"
STATES = ("schools", "accounts")

Copy = dict[str, dict[str, Any]]  # topic: key: data


@dataclass
class City:
    """A system of the city with its login, and a folder to work in."""

    live: Live
    folder: Path
    login: tuple[str, str]
    journal: Journal
    reader: Reader
    ends: Ends = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        user, password = self.login
        own = {"EKIS_KAFKA": self.live.kafka.address, "EKIS_KAFKA_USER": user, "EKIS_KAFKA_PASSWORD": password}
        path = f"{self.folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return os.environ | own | {"PATH": path, "LD_LIBRARY_PATH": f"{self.folder}/newer"}

    async def run(self, *argv: str) -> tuple[int, str, str]:
        child = await asyncio.create_subprocess_exec(
            *argv, env=self.env, cwd=self.folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await child.communicate()
        return await child.wait(), out.decode(), err.decode()

    async def shell(self, script: str) -> str:
        code, said, complaint = await self.run("bash", "-euo", "pipefail", "-c", script)
        assert code == 0, f"{script}{complaint}"
        return said

    async def example(self) -> asyncio.subprocess.Process:
        argv = sys.executable, "docs/subscribe/subscriber.py", "followed.sqlite"
        return await asyncio.create_subprocess_exec(*argv, env=self.env, cwd=self.folder)

    async def truth(self) -> Copy:
        """What the services' own databases say, field by field as the topics name them."""
        schools = await self.journal.rows(
            "registry", "SELECT school_id::text AS key, to_jsonb(school) AS row FROM school"
        )
        sql = "SELECT id::text AS key, to_jsonb(account) || jsonb_build_object('account_id', id) AS row FROM account"
        accounts = await self.journal.rows("identity", f"{sql} WHERE staff_id IS NOT NULL")
        rows = {"schools": schools, "accounts": accounts}
        return {topic: {row["key"]: json.loads(row["row"]) for row in found} for topic, found in rows.items()}

    async def must_be_true(self, copy: Copy) -> None:
        truth = await self.truth()
        for topic in STATES:
            assert copy[topic].keys() == truth[topic].keys()
            for key, data in copy[topic].items():
                assert data == {name: truth[topic][key][name] for name in data}


def rows_of(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(sql).fetchall()


def copy_in(file: Path) -> Copy:
    copy: Copy = {topic: {} for topic in STATES}
    for topic, key, data in rows_of(file, "SELECT topic, key, data FROM state"):
        copy[topic][key] = json.loads(data)
    return copy
