"""The commands of docs/subscribe/read-api.md, as they are printed, against a running stack."""

import json
import os
import re
import sys
from pathlib import Path
from subprocess import run
from textwrap import dedent

from city import DOCS
from live import Live

BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)
PAGE = (DOCS / "subscribe" / "read-api.md").read_text()


def blocks(heading: str) -> str:
    """The one indented block below a heading."""
    (section,) = [part for part in PAGE.split("\n## ") if part.startswith(f"{heading}\n")]
    (found,) = BLOCK.findall(section)
    return dedent(found).strip()


async def test_the_page_s_commands_bring_a_key_a_token_and_the_schools(live: Live, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def shell(script: str, **env: str) -> str:
        own = os.environ | {"PATH": path} | env
        argv = ["bash", "-euo", "pipefail", "-c", script]
        done = run(argv, check=False, env=own, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{script}\n{done.stderr}"
        return done.stdout

    public = shell(blocks("A key"))
    body = {"name": "По странице", "contact": "it@city.example", "key": public, "scopes": ["schools:read"]}
    answer = await live.client.post("/identity/systems", json=body, headers=await live.operator("admin"))
    assert answer.status_code == 201, answer.text
    given = {'"https://ekis.example"': repr(live.stack.gateway), '"the system_id"': repr(answer.json()["system_id"])}
    program = blocks("A token")
    for printed, real in given.items():
        assert printed in program
        program = program.replace(printed, real)
    (tmp_path / "ask.py").write_text(f"{program}\nprint(token)\n")
    env = {"TOKEN": shell("python ask.py").strip(), "EKIS": live.stack.gateway}
    assert {"items", "next", "since"} == json.loads(shell(blocks("Following the schools"), **env)).keys()
    orgs = 'curl -sS -H "Authorization: Bearer $TOKEN" "$EKIS/api/registry/oneroster/v1p2/orgs"'
    assert json.loads(shell(orgs, **env)).keys() == {"orgs"}


def test_no_command_of_the_page_is_left_out() -> None:
    assert len(BLOCK.findall(PAGE)) == len(("A key", "A token", "Following the schools"))
