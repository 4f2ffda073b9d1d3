"""The routes of the code, of the gateway and of the OpenAPI document are the same, and each is guarded."""

import json

import pytest
import yaml

from chalicelib.rules import RULES
from functions.api.app import app as people
from functions.voice_webhook.app import app as carrier
from functions.voice_webhook.app import carrier_only
from local.generate import FUNCTIONS, GATEWAY, OPENAPI, drifted
from tests.architecture.templates import of_type, sam

Route = tuple[str, str]
PEOPLES = {(method, path) for path, methods in people.routes.items() for method in methods}
CARRIERS = {(method, path) for path, methods in carrier.routes.items() for method in methods}


def of_document(document: dict[str, dict[str, object]]) -> set[Route]:
    paths = document["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in dict(methods)}  # type: ignore[call-overload]  # plain JSON


def test_what_is_generated_is_what_the_code_says() -> None:
    assert drifted() == []


def test_code_gateway_and_document_have_the_same_routes() -> None:
    gateway = yaml.safe_load(GATEWAY.read_text(encoding="utf-8"))
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    assert of_document(gateway) == of_document(document) == PEOPLES | CARRIERS


def test_the_gateway_speaks_its_own_dialect() -> None:
    gateway = yaml.safe_load(GATEWAY.read_text(encoding="utf-8"))
    assert gateway["openapi"] == "3.0.1"
    assert json.loads(OPENAPI.read_text(encoding="utf-8"))["openapi"] == "3.1.0"


def test_each_route_goes_to_its_own_function_and_that_is_in_the_template() -> None:
    gateway = yaml.safe_load(GATEWAY.read_text(encoding="utf-8"))
    for path, methods in gateway["paths"].items():
        function = next(name for prefix, name in FUNCTIONS.items() if path.startswith(prefix))
        for method in methods.values():
            integration = method["x-amazon-apigateway-integration"]
            assert integration["httpMethod"] == "POST"
            assert f"${{{function}.Arn}}/invocations" in integration["uri"]["Fn::Sub"]
    assert set(FUNCTIONS.values()) <= set(of_type(sam, "AWS::Serverless::Function"))


def test_every_route_of_people_states_who_may_use_it() -> None:
    assert set(RULES) == PEOPLES


def test_every_route_of_the_carrier_is_behind_the_signature() -> None:
    assert [guard for guard, _ in carrier.middleware_handlers] == [carrier_only]
    assert {path.split("/")[1] for _, path in CARRIERS} == {"telephony"}


@pytest.mark.parametrize(("method", "path"), sorted(PEOPLES))
def test_every_write_is_bounded_and_needs_a_key(method: str, path: str) -> None:
    rule = RULES[method, path]
    assert rule.writes == (method not in {"GET", "HEAD"})
    assert (rule.takes is not None) == rule.writes
    if rule.who in {"anyone", "caller"} and rule.writes and path != "/api/session":
        assert rule.each > 0


def test_the_document_names_the_key_the_refusals_and_the_guard_of_each_route() -> None:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    for method, path in PEOPLES:
        operation = document["paths"][path][method.lower()]
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in names) == RULES[method, path].writes
        assert "429" in operation["responses"]
        assert bool(operation["security"]) == (RULES[method, path].who != "anyone")
