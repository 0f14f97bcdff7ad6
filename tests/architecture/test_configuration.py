"""Every variable is described on one page, no secret has a default, and what is wrong is refused in one line."""

import json
import os
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from chassis.settings import SERVICES, ServiceSettings
from chassis.testing.opened import Keyring
from pydantic import SecretStr

ROOT = Path(__file__).parents[2]
SETTINGS: dict[str, type[ServiceSettings]] = {name: import_module(f"{name}.settings").Settings for name in SERVICES}
OWN = {"notify": {"EKIS_SMTP": "127.0.0.1:1", "EKIS_SMTP_FROM": "EKIS <noreply@ekis.example>"}}
PASSWORD = "swordfish-in-the-net"


def variables(keyring: Keyring, service: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "EKIS_DATABASE": f"postgresql://nobody:{PASSWORD}@127.0.0.1:1/none",
        "EKIS_KAFKA": "127.0.0.1:1",
        "EKIS_PUBLIC_URL": "http://ekis.test",
        "EKIS_SECRETS": str(keyring.root / service),
        "EKIS_KEYS": str(keyring.root / "public"),
    } | OWN.get(service, {})


def start(service: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", service, "run"], env=env, capture_output=True, text=True, check=False)


def test_the_page_of_variables_is_what_the_code_says() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "configuration.py"))["page"]
    assert (ROOT / "docs" / "configuration.md").read_text() == page(), "run `python docs/configuration.py`"


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_described_and_no_secret_has_a_default(service: str) -> None:
    for name, field in SETTINGS[service].model_fields.items():
        assert field.description, name
        secret = "SecretStr" in str(field.annotation) or field.annotation is SecretStr
        assert not secret or field.is_required() or field.default is None, name


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_missing_is_told_in_a_line_each(service: str) -> None:
    told = start(service, {"PATH": os.environ["PATH"]})
    required = [f"EKIS_{name.upper()}" for name, field in SETTINGS[service].model_fields.items() if field.is_required()]
    lines = told.stderr.splitlines()
    assert told.returncode == 2
    assert [line.partition(" is missing: give ")[0] for line in lines] == [f"{service}: {name}" for name in required]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EKIS_DATABASE", f"mysql://root:{PASSWORD}@db/x"),
        ("EKIS_KAFKA", "broker-without-port"),
        ("EKIS_LISTEN", "8000"),
        ("EKIS_PUBLIC_URL", "ekis.example"),
        ("EKIS_KEYS", "/nowhere/at/all"),
        ("EKIS_LOG_LEVEL", "loud"),
        ("EKIS_POOL_SIZE", "many"),
        ("EKIS_KAFKA_USER", "alone"),
        ("EKIS_DESK_PHONES", "no JSON"),
        ("EKIS_SMTP_TLS", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused_by_name_without_being_told(keyring: Keyring, name: str, value: str) -> None:
    told = start("notify", variables(keyring, "notify") | {name: value})
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert name in told.stderr or name.removeprefix("EKIS_").lower() in told.stderr
    assert PASSWORD not in told.stderr


def test_a_variable_may_be_a_file_of_the_secrets(keyring: Keyring, tmp_path: Path) -> None:
    for file in (keyring.root / "registry").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "ekis_database").write_text("mysql://")
    env = variables(keyring, "registry") | {"EKIS_SECRETS": str(tmp_path)}
    del env["EKIS_DATABASE"]
    assert "EKIS_DATABASE is refused" in start("registry", env).stderr


@pytest.mark.parametrize("broken", ["hmac_key", "seal_keys"])
def test_without_its_keys_a_service_does_not_begin(keyring: Keyring, tmp_path: Path, broken: str) -> None:
    for file in (keyring.root / "registry").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / broken).write_text("no key at all")
    told = start("registry", variables(keyring, "registry") | {"EKIS_SECRETS": str(tmp_path)})
    assert (told.returncode, len(told.stderr.splitlines())) == (2, 1)
    assert "EKIS_SECRETS" in told.stderr


def test_a_database_that_is_away_is_told_in_a_line_of_the_log(keyring: Keyring) -> None:
    ended = start("registry", variables(keyring, "registry"))
    said = [json.loads(line) for line in (ended.stdout + ended.stderr).splitlines()]
    assert (ended.returncode, [(one["event"], one["part"]) for one in said]) == (1, [("broken", "start")])
