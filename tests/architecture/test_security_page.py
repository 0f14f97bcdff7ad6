"""The ASVS table is whole, and what it points at exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
SHORT = {"identity/": "services/identity-svc/identity/", "chassis/": "chassis/chassis/"}
# OWASP ASVS 5.0.0: how many requirements each section has
SECTIONS = {
    "6.1": 3,
    "6.2": 12,
    "6.3": 8,
    "6.4": 6,
    "6.5": 8,
    "6.6": 4,
    "6.7": 2,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 3,
    "7.6": 2,
    "8.1": 4,
    "8.2": 4,
    "8.3": 3,
    "8.4": 2,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 3,
    "10.3": 5,
    "10.4": 16,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
}


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+ ", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_requirement_is_answered_once() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [row[0] for row in rows()] == wanted
    assert {row[1] for row in rows()} == {"1", "2", "3"}
    assert {row[3] for row in rows()} == {"met", "part", "not", "n/a"}


def test_whatever_is_not_met_has_its_reason() -> None:
    assert [row[0] for row in rows() if row[3] in ("part", "not", "met") and len(row[4]) < 3] == []


def place_of(name: str) -> Path:
    """A file as the page writes it, from the root."""
    for short, long in SHORT.items():
        if name.startswith(short):
            return ROOT / long / name.removeprefix(short)
    return ROOT / name


def test_every_place_exists() -> None:
    named = set(re.findall(r"`([\w./-]+/[\w./-]+\.(?:py|md))`", PAGE))
    assert len(named) > 20
    assert [name for name in sorted(named) if not place_of(name).exists()] == []
