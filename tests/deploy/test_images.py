"""What the images and docker-compose.yml name exists: files, variables, volumes, probes. Nothing secret is in them."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.settings import SERVICES, key_complaint
from configuration import GATEWAY, variables
from ekis_local.prepare import make_secrets

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
PARTS: dict[str, Any] = COMPOSE["services"]
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text().splitlines()
    if "=" in line[1:] and line[0] != "#"
)
DOCKERFILES = sorted(ROOT.glob("services/*/Dockerfile")) + sorted(ROOT.glob("deploy/*/Dockerfile"))
PROCESSES = [f"{name}{role}" for name in SERVICES for role in ("-migrate", "", "-work")]
ONCE = ("secrets", "servers", *(f"{name}-migrate" for name in SERVICES))


def plain(value: object) -> str:
    """A value with the variables of .env.example and their defaults put in."""
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda it: EXAMPLE.get(it[1], it[2] or ""), str(value))


def named(path: Path, word: str) -> list[str]:
    return re.findall(rf"^{word} (.*)$", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda it: it.parent.name)
def test_an_image_is_small_and_unprivileged(path: Path) -> None:
    assert all(re.match(r"\$\{(PYTHON|NODE)\}", one) for one in named(path, "FROM")), "the base is an argument"
    assert named(path, "USER") == ["10001:10001"]
    last = path.read_text().rpartition("\nFROM ")[2]
    assert not re.search(r"\b(uv|pip|npm|gcc|apt-get)\b", last), "what builds stays in the stage that builds"
    assert "--require-hashes" in path.read_text()
    for sources in named(path, "COPY"):
        *froms, _ = sources.split()
        assert sources.startswith("--from=") or [one for one in froms if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_image_says_what_it_is_and_how_it_is(service: str) -> None:
    text = (ROOT / f"services/{service}-svc/Dockerfile").read_text()
    assert f'ENTRYPOINT ["python", "-m", "{service}"]' in text
    assert "127.0.0.1:8000/ready" in text
    assert "EKIS_LISTEN=0.0.0.0:8000" in text
    assert "org.opencontainers.image.revision" in text


def test_no_file_names_a_registry_of_images() -> None:
    images = [plain(part["image"]) for part in PARTS.values()]
    images += [one for path in DOCKERFILES for one in named(path, "ARG") if "slim" in one]
    assert [one for one in images if "." in one.split("/")[0].split(":")[0]] == []


def test_every_file_that_is_built_or_mounted_exists() -> None:
    for part in PARTS.values():
        if "build" in part:
            assert (ROOT / part["build"]["dockerfile"]).is_file()
        mounts = [one.split(":")[0] for one in part.get("volumes", [])]
        assert [it for it in mounts if not (ROOT / it).exists() if it.startswith(".")] == []
        assert {it for it in mounts if not it.startswith(".")} <= set(COMPOSE["volumes"])


def test_everybody_waits_for_what_is_there_and_can_become_so() -> None:
    for name, part in PARTS.items():
        waited = part.get("depends_on", {})
        for other, how in waited.items() if isinstance(waited, dict) else []:
            done, healthy = "service_completed_successfully", "service_healthy"
            assert how["condition"] == (done if other in ONCE else healthy), (name, other)
            built = ROOT / PARTS.get(f"{other}-migrate", PARTS[other]).get("build", {}).get("dockerfile", "none")
            assert other in ONCE or "healthcheck" in PARTS[other] or "HEALTHCHECK" in built.read_text()


@pytest.mark.parametrize("process", PROCESSES)
def test_the_variables_of_a_process_are_those_it_knows(process: str) -> None:
    service = process.partition("-")[0]
    assert set(PARTS[process]["environment"]) <= set(variables(import_module(f"{service}.settings").Settings))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_begins_with_what_is_prepared(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)  # nobody to hand over to
    make_secrets(tmp_path, "postgres:5432")
    for name, value in PARTS[service]["environment"].items():
        monkeypatch.setenv(name, plain(value))
    monkeypatch.setenv("EKIS_SECRETS", str(tmp_path / service))
    monkeypatch.setenv("EKIS_KEYS", str(tmp_path / "public"))
    settings = import_module(f"{service}.settings").Settings(_secrets_dir=str(tmp_path / service))
    assert key_complaint(service, settings) == []
    assert settings.database.get_secret_value().startswith(f"postgresql://{service}-svc:")
    assert (settings.kafka_user, bool(settings.kafka_password)) == (f"{service}-svc", True)


@pytest.mark.parametrize("service", SERVICES)
def test_the_owner_of_the_tables_migrates_and_nobody_else_is_it(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    make_secrets(tmp_path, "postgres:5432")
    for name, value in PARTS[f"{service}-migrate"]["environment"].items():
        monkeypatch.setenv(name, plain(value))
    monkeypatch.setenv("EKIS_KEYS", str(tmp_path / "public"))
    own = tmp_path / f"{service}-owner"
    monkeypatch.setenv("EKIS_SECRETS", str(own))
    settings = import_module(f"{service}.settings").Settings(_secrets_dir=str(own))
    assert settings.database.get_secret_value().startswith(f"postgresql://{service}:")
    who = {name for name, part in PARTS.items() for one in part.get("volumes", []) if f"{service}-owner:" in one}
    assert who == {"secrets", "servers", f"{service}-migrate"}


def test_what_is_prepared_stays_and_is_for_one_pair_of_eyes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    make_secrets(tmp_path, "postgres:5432")
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    make_secrets(tmp_path, "postgres:5432")
    assert {path: path.read_bytes() for path in files} == files
    open_to_others = {path.relative_to(tmp_path) for path in files if path.stat().st_mode & 0o077}
    assert {path.parts[0] for path in open_to_others} == {"public"}


def test_the_gateway_is_told_everything() -> None:
    image = (ROOT / "deploy/gateway/Dockerfile").read_text()
    given = {*PARTS["gateway"]["environment"], *re.findall(r"EKIS_\w+(?==)", image)}
    assert given == set(GATEWAY)


def test_what_has_no_default_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert wanted <= set(EXAMPLE)
    cluster = (ROOT / "deploy/compose/cluster.env").read_text()
    known = set(re.findall(r"\$\{(\w+)", TEXT))
    assert set(re.findall(r"^(\w+)=", cluster, re.MULTILINE)) <= known | {"COMPOSE_PROFILES"}


def test_no_secret_is_in_the_repository() -> None:
    for text in (TEXT, (ROOT / ".env.example").read_text()):
        assert re.findall(r"(?i)(?:password|secret_key|token)\w*(?:: |=)(?!/run/ekis/)[^\s$#]+", text) == []


def test_a_part_is_watched_only_with_the_profile() -> None:
    assert {name for name, part in PARTS.items() if part.get("profiles")} == {
        "kafka-2", "kafka-3", "prometheus", "grafana", "jaeger",
    }  # fmt: skip
