"""template.yaml deployed with its layers as the cloud gets them: each function starts from what is in the zips."""

import json
import sys

import pytest

from local import packaging
from local.deploy import Deployment, deploy, function_names
from local.engine import Engine
from local.places import ROOT
from local.warm import BY_HTTP, BY_SOCKET
from tests.conftest import Stack

pytestmark = pytest.mark.engine
TENANT = "packaged"
ZIPPED_BYTES = 15 * 2**20
UNZIPPED_BYTES = 40 * 2**20
QUIET = sorted(set(function_names()) - set(BY_HTTP) - BY_SOCKET)


@pytest.fixture(scope="module")
def deployment(engine: Engine) -> Deployment:
    world = {
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "PublicUrl": "http://localhost",
        "CarrierAccountSid": "AC" + "0" * 32,
        "CarrierNumber": "+862150008000",
    }
    return deploy(engine, TENANT, world, packaging.built_layer)


@pytest.mark.parametrize("layer", ["deps", "carrier", "core"])
def test_a_layer_is_small_enough_for_a_quick_cold_start(layer: str) -> None:
    package = packaging.built_layer(ROOT / "layers" / layer)
    assert len(package.body) < ZIPPED_BYTES
    root = packaging.BUILT / layer if layer != "core" else ROOT / "layers" / layer
    assert sum(each.stat().st_size for each in root.rglob("*") if each.is_file()) < UNZIPPED_BYTES


def test_the_same_content_makes_the_same_package() -> None:
    core = ROOT / "layers" / "core"
    assert packaging.built_layer(core) == packaging.built_layer(core)


@pytest.mark.parametrize("function", QUIET)
def test_a_function_starts_from_its_package_and_answers_an_empty_batch(
    stack: Stack, deployment: Deployment, function: str
) -> None:
    assert deployment.code["RestApiId"]
    name = function_names()[function].replace("${Tenant}", TENANT)
    answer = stack.account.client("lambda").invoke(FunctionName=name, Payload=b'{"Records": []}')
    said = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    assert said in ({"batchItemFailures": []}, {})
