"""local/docker-compose.yml, which is linted and not run: whole, on the loopback only, and without a secret."""

import re
from typing import Any

import jsonschema
import pytest
import yaml

from local.places import ROOT

COMPOSE = ROOT / "local" / "docker-compose.yml"
TEXT_MAP = {"type": "object", "additionalProperties": {"type": "string"}}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
    "required": ["ports", "environment"],
    "properties": {
        "image": {"type": "string", "pattern": r"^[a-z0-9./-]+:\d+\.\d+\.\d+$"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context", "dockerfile"],
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "ports": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+(/udp)?$"},
        },
        "environment": TEXT_MAP,
        "volumes": {"type": "array", "items": {"type": "string"}},
        "depends_on": {"type": "object", "additionalProperties": {"type": "object"}},
        "healthcheck": {"type": "object", "required": ["test"]},
        "read_only": {"type": "boolean"},
        "stop_grace_period": {"type": "string", "pattern": r"^\d+s$"},
    },
}
FILE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services"],
    "properties": {"name": {"type": "string"}, "services": {"type": "object", "additionalProperties": SERVICE}},
}
SECRET = re.compile(r"TOKEN|SECRET_?KEY(?!_ID)|PASSWORD|JWK|AUTH", re.IGNORECASE)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_the_file_has_the_shape_of_a_compose_file_and_each_port_is_on_the_loopback(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, FILE)
    assert set(compose["services"]) == {"localstack", "edge-a", "edge-b"}


def test_no_two_services_want_the_same_port(compose: dict[str, Any]) -> None:
    ports = [port.rsplit(":", 1)[0] + port[-4:] for each in compose["services"].values() for port in each["ports"]]
    assert len(set(ports)) == len(ports)


def test_a_secret_comes_from_the_shell_and_never_stands_in_the_file(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if SECRET.search(name) and name != "AWS_SECRET_ACCESS_KEY":
                assert re.fullmatch(rf"\$\{{{name}:-\}}", value), name
    assert {each["environment"].get("AWS_SECRET_ACCESS_KEY", "test") for each in compose["services"].values()} == {
        "test"
    }


def test_the_edges_are_built_from_the_dockerfile_that_is_there(compose: dict[str, Any]) -> None:
    for name in ("edge-a", "edge-b"):
        build = compose["services"][name]["build"]
        assert (COMPOSE.parent / build["context"] / build["dockerfile"]).resolve() == ROOT / "media_edge" / "Dockerfile"


def test_the_image_is_the_release_that_runs_without_docker(compose: dict[str, Any]) -> None:
    pinned = (ROOT / "local" / "localstack.in").read_text()
    version = re.search(r"localstack-core\[runtime\]==(\S+)", pinned)
    assert version is not None
    assert compose["services"]["localstack"]["image"] == f"localstack/localstack:{version.group(1)}"
