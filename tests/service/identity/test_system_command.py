"""A city system is made and kept by a command, where nobody has a browser; the same twice changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from chassis.outbox import new_id
from ekis_contracts.identity import SessionsRevoked
from identity.__main__ import system
from joserfc.jwk import OKPKey

from .assertions import Program, public
from .people import Desk

Shown = pytest.CaptureFixture[str]
NAME, CONTACT = "Карта школ", "map@city.example"


async def make(desk: Desk, pem: Path, scopes: str = "schools:read,roster:read", name: str = NAME) -> None:
    await system(desk.it.runtime, [name, "--contact", CONTACT, "--scopes", scopes, "--key", str(pem)])


async def told(desk: Desk, shown: Shown) -> tuple[str, str]:
    """What was done, and to whom."""
    done, system_id = shown.readouterr().out.removeprefix(f"{NAME}: ").strip().split(", client_id ")
    return done, system_id


async def acts(desk: Desk) -> list[Any]:
    recorded = await desk.http.get("/identity/audit", headers=desk.by("security"))
    return [(one["act"], one["by"]) for one in reversed(recorded.json()["items"]) if one["act"] != "system-token"]


def written(folder: Path, key: OKPKey) -> Path:
    pem = folder / f"{new_id()}.pem"
    pem.write_text(public(key))
    return pem


async def test_the_same_twice_changes_nothing(desk: Desk, tmp_path: Path, capsys: Shown) -> None:
    key = OKPKey.generate_key("Ed25519")
    pem = written(tmp_path, key)
    await make(desk, pem)
    done, system_id = await told(desk, capsys)
    assert done == "made"
    assert (await Program(desk.it, system_id, key).ask()).status_code == 200
    await make(desk, pem)
    assert await told(desk, capsys) == ("unchanged", system_id)
    shown = await desk.http.get(f"/identity/systems/{system_id}", headers=desk.by("admin"))
    assert (shown.json()["version"], shown.json()["contact"]) == (1, CONTACT)
    assert await acts(desk) == [("system-registered", None)]


async def test_a_key_is_added_and_fewer_rights_are_told(desk: Desk, tmp_path: Path, capsys: Shown) -> None:
    old, new = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
    await make(desk, written(tmp_path, old))
    _, system_id = await told(desk, capsys)
    await make(desk, written(tmp_path, new), "schools:read")
    assert await told(desk, capsys) == ("changed", system_id)
    for key in (old, new):
        assert (await Program(desk.it, system_id, key).ask()).json()["scope"] == "schools:read"
    ((event, envelope),) = await desk.it.published()
    assert isinstance(event, SessionsRevoked)
    assert (str(event.account_id), envelope.sequence) == (system_id, 1)
    assert [act for act, _ in await acts(desk)] == ["system-registered", "system-changed", "system-key-added"]
    with pytest.raises(SystemExit, match="has 2 keys already"):
        await make(desk, written(tmp_path, OKPKey.generate_key("Ed25519")), "roster:read")
    shown = await desk.http.get(f"/identity/systems/{system_id}", headers=desk.by("admin"))
    assert shown.json()["scopes"] == ["schools:read"], "all of it or nothing"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"scopes": "all"}, "scopes: "),
        ({"scopes": ""}, "scopes: "),
        ({"name": " "}, "name: "),
        ({"pem": Path("nowhere.pem")}, "key: this file cannot be read"),
    ],
)
async def test_wrong_arguments_are_told(
    desk: Desk, tmp_path: Path, capsys: Shown, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(SystemExit):
        await make(desk, **({"pem": written(tmp_path, OKPKey.generate_key("Ed25519"))} | wrong))
    assert why in capsys.readouterr().err
    assert await acts(desk) == []


async def test_a_private_key_is_refused_and_not_repeated(desk: Desk, tmp_path: Path, capsys: Shown) -> None:
    pem = tmp_path / "private.pem"
    pem.write_text(OKPKey.generate_key("Ed25519").as_pem(private=True).decode())
    with pytest.raises(SystemExit):
        await make(desk, pem)
    said = capsys.readouterr().err
    assert "key: This is a private key" in said
    assert pem.read_text().splitlines()[1] not in said
