"""The charts: values by their schema, variables that services know; where helm is there, what comes out of them."""

import json
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from chassis.settings import SERVICES
from configuration import variables

ROOT = Path(__file__).parents[2]
HELM = ROOT / "deploy" / "helm"
TEMPLATE = (HELM / "service" / "templates" / "_service.tpl").read_text()
KINDS = (
    "Job",
    "Deployment",
    "PodDisruptionBudget",
    "Service",
    "NetworkPolicy",
    "HorizontalPodAutoscaler",
    "ScaledObject",
)


def values(chart: str) -> dict[str, Any]:
    return dict(yaml.safe_load((HELM / chart / "values.yaml").read_text()))


def schema(chart: str) -> dict[str, Any]:
    return dict(json.loads((HELM / chart / "values.schema.json").read_text()))


def rendered(folder: Path, *options: str) -> list[dict[str, Any]]:
    """What helm makes of the umbrella, its charts packed beforehand."""
    shutil.copytree(HELM, folder, dirs_exist_ok=True)
    for chart in (*SERVICES, "ekis"):
        subprocess.run(["helm", "dependency", "update", folder / chart], check=True, capture_output=True)
    subprocess.run(["helm", "lint", "--strict", folder / "ekis"], check=True, capture_output=True)
    command = ["helm", "template", "city", str(folder / "ekis"), *options]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [one for one in yaml.safe_load_all(text) if one]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_what_it_knows(service: str) -> None:
    given = values(service)
    jsonschema.validate(given, schema(service))
    shared = values("ekis")["global"]["env"]
    by_template = set(re.findall(r"name: (EKIS_\w+)", TEMPLATE))
    known = set(variables(import_module(f"{service}.settings").Settings))
    assert {*given["env"], *shared, *by_template} <= known
    settings = import_module(f"{service}.settings").Settings.model_fields
    required = {f"EKIS_{name.upper()}" for name, field in settings.items() if field.is_required()}
    assert required - {*given["env"], *shared, *by_template} == {"EKIS_DATABASE"}, "that is a file of the Secret"


@pytest.mark.parametrize("name", ["EKIS_KAFKA_PASSWORD", "EKIS_DATABASE", "EKIS_S3_SECRET_KEY", "PATH"])
def test_a_secret_cannot_be_given_as_a_value(name: str) -> None:
    given = values("registry")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(given | {"env": {name: "x"}}, schema("registry"))


def test_all_charts_are_the_same_but_for_what_is_their_own() -> None:
    assert [kind for kind in KINDS if f"kind: {kind}\n" not in TEMPLATE] == []
    for part in (
        "readOnlyRootFilesystem: true",
        "topologySpreadConstraints",
        "path: /ready",
        "path: /live",
        "secretName",
    ):
        assert part in TEMPLATE
    for service in SERVICES:
        assert schema(service) == schema("registry")
        assert (HELM / service / "templates" / "all.yaml").read_text() == '{{ include "service.all" . }}\n'
    assert {one["name"] for one in yaml.safe_load((HELM / "ekis/Chart.yaml").read_text())["dependencies"]} == set(
        SERVICES
    )


def test_what_helm_makes_of_them_is_whole(tmp_path: Path) -> None:
    if shutil.which("helm") is None:
        return  # the rest of this file holds without it
    scaled = [f"--set={name}.autoscale.{role}.enabled=true" for name in SERVICES for role in ("api", "work")]
    made = rendered(tmp_path, *scaled)
    names = {(one["kind"], one["metadata"]["name"]) for one in made}
    for service in SERVICES:
        assert {("Deployment", f"{service}-{role}") for role in ("api", "work")} <= names
        assert {("Job", f"{service}-migrate"), ("HorizontalPodAutoscaler", f"{service}-api")} <= names
        assert {("ScaledObject", f"{service}-work"), ("NetworkPolicy", service), ("Service", service)} <= names
    pods = [one["spec"]["template"]["spec"] for one in made if one["kind"] in ("Deployment", "Job")]
    assert len(pods) == len(SERVICES) * 3 + 1
    for pod in pods:
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
        assert "requests" in container["resources"]
    for one in made:
        if one["kind"] == "Deployment":
            wanted = one["spec"]["selector"]["matchLabels"].items()
            assert wanted <= one["spec"]["template"]["metadata"]["labels"].items()
