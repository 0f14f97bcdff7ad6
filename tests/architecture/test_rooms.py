"""A line of code knows its room: who may import whom, how large things get, and who may end a transaction."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("registry", "identity", "cabinet", "notify")
CONTRACTS = ("ekis_contracts",)

# room -> what it may import of our own code: rooms of its service, chassis modules, the contracts
ROOMS: dict[str, set[str]] = {
    "domain": {"domain", "chassis.errors", *CONTRACTS},
    "store": {"domain", "store", "chassis.db", "chassis.loops", "chassis.outbox", "chassis.errors", *CONTRACTS},
    "actions": {"domain", "store", "actions", "gateways", "chassis.outbox", "chassis.errors", "chassis.db", *CONTRACTS},
    "routes": {
        "domain", "store", "actions", "rights", "routes", "gateways", "settings", "chassis.http", "chassis.auth",
        "chassis.paging", "chassis.errors", "chassis.outbox", "chassis.idempotency", "chassis.problems", *CONTRACTS,
    },
    "reactions": {"domain", "actions", "store", "reactions", "chassis.inbox", "chassis.outbox", *CONTRACTS},
    "loops": {
        "domain", "store", "actions", "gateways", "loops", "settings", "chassis.db", "chassis.outbox", "chassis.loops",
        "chassis.crash", "chassis.telemetry", "chassis.tracing", "chassis.http", *CONTRACTS,
    },
    "gateways": {"domain", "settings", "gateways", "chassis.errors", "chassis.crash", *CONTRACTS},
    "rights": {"chassis.auth"},
    "settings": {"chassis.settings"},
}  # fmt: skip
PLACES = {*ROOMS, "__main__", "__init__"}
SHARED = {"people", "notices", "files", "sheets"}  # sections of the cabinet that every other one may ask
BUILT_ON = {"online": {"diary"}}  # a section that is made of another's things: whose classes, journal and rules it uses
ACROSS = {"mydata"}  # the section that reaches into all others: everything that is kept of one person
REMEDY = {
    "asyncpg": "SQL lives in store",
    "fastapi": "HTTP lives in routes",
    "starlette": "HTTP lives in routes",
    "aiokafka": "the broker is the chassis' business: publish() and reactions",
    "aiosmtplib": "what is outside is reached through gateways",
    "nacl": "what is outside is reached through gateways",
    "aiohttp": "what is outside is reached through gateways",
    "obstore": "what is outside is reached through gateways",
    "pypdf": "what is outside is reached through gateways",
}
MAY = {
    "asyncpg": {"store"},
    "fastapi": {"routes", "__main__"},
    "starlette": {"routes"},
    "aiokafka": set(),
    "aiosmtplib": {"gateways"},
    "nacl": {"gateways"},
    "aiohttp": {"gateways"},
    "obstore": {"gateways"},
    "pypdf": {"gateways"},
}

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_EDGE = 300, 40, 12
CHASSIS_LINES = 2_360


def package(service: str) -> Path:
    return ROOT / "services" / f"{service}-svc" / service


def section_and_room(path: Path, service: str) -> tuple[str, str]:
    """A service with sections has the same rooms in each: diary/store.py."""
    parts = [part.removesuffix(".py") for part in path.relative_to(package(service)).parts]
    return ("", parts[0]) if parts[0] in PLACES or len(parts) == 1 else (parts[0], parts[1])


def room_of(path: Path, service: str) -> str:
    return section_and_room(path, service)[1]


def service_files() -> Iterator[tuple[str, Path]]:
    for service in SERVICES:
        for path in sorted(package(service).rglob("*.py")):
            yield service, path


def imports(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", tuple(alias.name for alias in node.names)


def own_parts(service: str, module: str, names: tuple[str, ...]) -> Iterator[str]:
    """The rooms, chassis modules or packages that an import reaches."""
    top, _, rest = module.partition(".")
    if top == service:
        yield from _rooms(rest.split(".") if rest else [], names)
    elif top == "chassis":
        yield from [".".join(module.split(".")[:2])] if rest else (f"chassis.{name}" for name in names)
    else:
        yield top


def _rooms(path: list[str], names: tuple[str, ...]) -> Iterator[str]:
    if path and path[0] not in PLACES:
        path = path[1:]  # a section
    yield from [path[0]] if path else names


def sections(service: str) -> set[str]:
    return {path.parent.name for path in package(service).glob("*/__init__.py")} - set(PLACES)


def foreign_sections(service: str, section: str, source: str) -> set[str]:
    """The other sections that a section imports; all may ask those that are shared."""
    others = sections(service) - {section, *SHARED, *BUILT_ON.get(section, ())}
    modules = [(module.split("."), names) for module, names in imports(ast.parse(source))]
    reached = {part for path, names in modules if path[0] == service for part in (*path[1:2], *names)}
    return reached & others


def complaints(service: str, room: str, source: str) -> list[str]:
    found = []
    for module, names in imports(ast.parse(source)):
        for part in own_parts(service, module, names):
            if part in SERVICES and part != service:
                found.append(f"imports {part}: services talk through events only, keep a copy fed by them")
            elif part in MAY and room not in MAY[part]:
                found.append(f"imports {part}: {REMEDY[part]}")
            elif room in ROOMS and (part in ROOMS or part.startswith("chassis.")) and part not in ROOMS[room]:
                found.append(f"{room} imports {part}: it may use only {', '.join(sorted(ROOMS[room]))}")
    return found


@pytest.mark.parametrize(
    ("service", "path"), list(service_files()), ids=lambda it: it if isinstance(it, str) else it.name
)
def test_every_room_imports_what_it_may(service: str, path: Path) -> None:
    room = room_of(path, service)
    assert room in PLACES, f"{path.name} is no room: see docs/architecture.md"
    assert complaints(service, room, path.read_text()) == []


@pytest.mark.parametrize(
    ("service", "path"), list(service_files()), ids=lambda it: it if isinstance(it, str) else it.name
)
def test_no_section_reaches_into_another(service: str, path: Path) -> None:
    section, _ = section_and_room(path, service)
    if section and section not in ACROSS:
        assert foreign_sections(service, section, path.read_text()) == set(), "sections share people, notices, files"


def test_the_check_sees_a_foreign_section() -> None:
    assert foreign_sections("cabinet", "diary", "from cabinet.workplace import store") == {"workplace"}
    assert foreign_sections("cabinet", "diary", "from cabinet.people import store") == set()
    assert foreign_sections("cabinet", "online", "from cabinet.diary.actions import marks") == set()
    assert foreign_sections("cabinet", "diary", "from cabinet.online import store") == {"online"}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("domain", "import asyncpg"),
        ("domain", "from registry import store"),
        ("actions", "from fastapi import APIRouter"),
        ("reactions", "from aiokafka import AIOKafkaProducer"),
        ("store", "from registry.actions import submit"),
        ("routes", "from identity.domain import Account"),
        ("domain", "from chassis.db import Tx"),
    ],
)
def test_the_check_sees_a_wrong_import(room: str, line: str) -> None:
    assert complaints("registry", room, line)


def python_files() -> list[Path]:
    folders = ("contracts", "chassis", "services", "deploy", "tests", "bench")
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def test_no_file_outgrows_its_room() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in python_files() if (n := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}, "make it a package of the same name, one file per aggregate"


def test_no_function_outgrows_a_page() -> None:
    long = {
        f"{p.relative_to(ROOT)}:{f.name}": length(f)
        for p in python_files()
        for f in functions(p)
        if length(f) > LONGEST_FUNCTION
    }
    assert long == {}, "a function does one thing"


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = ast.get_docstring(node, clean=False)
    return length(node) - (len(docstring.splitlines()) if docstring else 0)


def test_routes_and_reactions_only_parse_act_and_shape() -> None:
    long: dict[str, int] = {}
    for service, path in service_files():
        if room_of(path, service) in ("routes", "reactions"):
            edges = [f for f in functions(path) if f.decorator_list]
            long |= {f"{service}:{f.name}": n for f in edges if (n := body_length(f)) > LONGEST_EDGE}
    assert long == {}, "what it decides belongs to domain, what it does to actions"


def test_the_chassis_stays_small() -> None:
    files = [path for path in (ROOT / "chassis").rglob("*.py") if "testing" not in path.parts]
    assert sum(len(path.read_text().splitlines()) for path in files) <= CHASSIS_LINES


def test_only_the_chassis_ends_transactions() -> None:
    ending = {".commit(", ".rollback(", "COMMIT", "ROLLBACK", "BEGIN;"}
    found = [f"{p.name}: {word}" for _, p in service_files() for word in ending if word in p.read_text()]
    assert found == [], "a request or an event is one transaction, and the chassis ends it"


def test_nothing_hides_behind_an_empty_name() -> None:
    vague = {"utils", "common", "helpers", "manager", "base"}
    assert [str(path.relative_to(ROOT)) for path in python_files() if path.stem in vague] == []


def test_the_chassis_knows_no_business() -> None:
    words = ("school", "staff", "registrar", "applicant")
    allowed = {"own-school", "same_school", "school_id", "staff_id"}  # claims of a token, columns of the rights table
    for path in (ROOT / "chassis" / "chassis").glob("*.py"):
        text = path.read_text().lower()
        for word in sorted(allowed, key=len, reverse=True):
            text = text.replace(word, "")
        assert [word for word in words if word in text] == [], path.name
