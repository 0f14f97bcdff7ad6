"""Alerts and dashboards ask for what running services tell, each alert has its runbook, and each runbook its reader."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.settings import SERVICES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
BOARDS = {path.stem: json.loads(path.read_text()) for path in (FOLDER / "grafana" / "dashboards").glob("*.json")}
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for board in BOARDS.values() for panel in board["panels"] for target in panel["targets"]
]
RUNBOOKS = {path.name: path.read_text() for path in (ROOT / "docs" / "runbooks").glob("*.md")}
BY_PROMETHEUS = {"job", "instance", "service", "le"}  # labels that no service gives
TELL = """
import json, sys
from importlib import import_module
from prometheus_client import REGISTRY, generate_latest
import_module(f"{sys.argv[1]}.__main__")
told = [line.split()[2] for line in generate_latest().decode().splitlines() if line.startswith("# TYPE")]
known = REGISTRY._collector_to_names.items()
labels = {name: list(getattr(it, "_labelnames", ())) for it, names in known for name in names}
print(json.dumps([told, labels]))
"""


@pytest.fixture(scope="module")
def exposed() -> dict[str, set[str]]:
    """Metric -> labels, as the four services have them once they are imported, which is when they are made."""
    known: dict[str, set[str]] = {}
    for service in SERVICES:
        out = subprocess.run([sys.executable, "-c", TELL, service], capture_output=True, text=True, check=True).stdout
        told, labels = json.loads(out)
        for name in labels:
            if re.sub(r"_(bucket|count|sum)$", "", name) in told:
                known.setdefault(name, set()).update(labels[name])
    return known


def test_there_is_something_to_ask() -> None:
    assert len(RULES) > 10
    assert len(BOARDS) == 2


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_whatever_is_asked_is_told(expression: str, exposed: dict[str, set[str]]) -> None:
    metrics = set(re.findall(r"\bekis_\w+", expression))
    assert metrics <= set(exposed), metrics - set(exposed)
    asked = set(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', expression))
    asked |= {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
    given = {label for metric in metrics for label in exposed[metric]}
    assert asked <= given | BY_PROMETHEUS, asked - given


def test_every_metric_of_ours_is_on_a_board(exposed: dict[str, set[str]]) -> None:
    shown = "\n".join(EXPRESSIONS)
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in exposed if name.startswith("ekis_")}
    assert {name for name in ours if not re.search(rf"\b{name}", shown)} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda it: it["alert"])
def test_an_alert_has_its_runbook_which_knows_it(rule: dict[str, Any]) -> None:
    page = RUNBOOKS[rule["annotations"]["runbook"].removeprefix("docs/runbooks/")]
    assert f"`{rule['alert']}`" in page, "its reader has to find the alert in the page"
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert rule["annotations"]["summary"]


@pytest.mark.parametrize("name", sorted(RUNBOOKS))
def test_a_runbook_says_what_to_do_until_it_is_done(name: str) -> None:
    page = RUNBOOKS[name]
    assert "\n1. " in page
    assert "**Done when**" in page
    links = re.findall(r"\]\(([^)#]+)", page)
    assert [link for link in links if not (ROOT / "docs" / "runbooks" / link).exists()] == []
    known = {rule["alert"] for rule in RULES}
    assert set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", page)) <= known


def test_prometheus_finds_every_process_of_the_compose_file() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    [job] = config["scrape_configs"]
    assert job["job_name"] == "ekis"
    assert set(job["dns_sd_configs"][0]["names"]) == {f"{name}{role}" for name in SERVICES for role in ("", "-work")}
    assert [one for one in config["rule_files"] if not (FOLDER / one).exists()] == []


def test_grafana_finds_its_boards_and_where_to_ask() -> None:
    source = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"][0]
    used = {panel["datasource"]["uid"] for board in BOARDS.values() for panel in board["panels"]}
    assert used == {source["uid"]}


def test_spans_go_where_grafana_asks_for_them() -> None:
    source = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/jaeger.yml").read_text())["datasources"][0]
    parts = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    (told,) = re.findall(r"^# TRACES=http://(\w+):4318/v1/traces$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert source["url"] == f"http://{told}:16686"
    assert parts[told]["profiles"] == parts["grafana"]["profiles"]
    assert all(parts[f"{name}{role}"]["environment"]["EKIS_TRACES"] for name in SERVICES for role in ("", "-work"))
