"""The four services: how they are run and what they are told by environment."""

import sys
from collections.abc import Mapping
from pathlib import Path

from ekis_local.process import Program, http_ready, run

OPERATORS = ("registrar", "support", "editor", "security", "admin")


def special_settings(service: str, smtp: str, data: Path) -> dict[str, str]:
    """What one service is told and the others are not."""
    if service == "identity":
        phones = "+7 (495) 000-00-92, +7 (495) 000-00-95"  # made up, as all of the demo city
        return {
            "EKIS_OPERATOR_SECOND_FACTOR": "optional",
            "EKIS_QUIET_FORMS": "1000",  # everybody is 127.0.0.1
            "EKIS_SUPPORT_PHONES": phones,
        }
    if service == "notify":
        return {
            "EKIS_SMTP": smtp,
            "EKIS_SMTP_FROM": "ЕКИС <noreply@ekis.example>",
            "EKIS_SMTP_TLS": "none",
            "EKIS_WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
        }
    if service == "cabinet":
        return {"EKIS_FILES": str(data / "files")}
    return {}


def numbered(name: str, count: int) -> tuple[str, ...]:
    """The names of several: the first without a number."""
    return (name, *(f"{name}-{number}" for number in range(2, count + 1)))


def service_of(replica: str) -> str:
    """Whose replica it is."""
    return replica.partition("-")[0]


def service(name: str, env: Mapping[str, str], log: Path) -> Program:
    """How to run a replica: API, relay, consumers and loops in one process."""
    ready = http_ready(f"http://{env['EKIS_LISTEN']}/ready")
    return Program(name, [sys.executable, "-m", service_of(name), "run"], log, ready, env)


async def migrate(name: str, env: Mapping[str, str]) -> None:
    """Bring the service's database up to date."""
    await run([sys.executable, "-m", name, "migrate"], env=env)


async def make_operator(login: str, password: str, identity_env: Mapping[str, str]) -> None:
    """Make an operator whose one role is named as the login."""
    command = [sys.executable, "-m", "identity", "operator", login, "--roles", login]
    await run(command, env=identity_env, stdin=password)


async def write_letters(notify_env: Mapping[str, str], folder: Path) -> None:
    """Let notify write every letter with invented data, for the mail catcher to show."""
    await run([sys.executable, "-m", "notify", "gallery", str(folder)], env=notify_env)


async def seed(registry_env: Mapping[str, str]) -> str:
    """Generate the city. Returns whom to try first."""
    return await run([sys.executable, "-m", "registry", "seed"], env=registry_env)
