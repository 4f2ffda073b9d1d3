"""The effects under contract: each test runs on memory and on the local AWS engine, and both must say the same."""

import uuid
from typing import Any

import boto3
import pytest

from hearthline.platform.store import Store
from hearthline.platform.store_dynamo import DynamoStore
from hearthline.platform.store_memory import MemoryStore


@pytest.fixture(params=["memory", pytest.param("engine", marks=pytest.mark.engine)])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    stack: Any = request.getfixturevalue("stack")
    return DynamoStore(aws_client(stack, "dynamodb"), stack.environment["TABLE_PREFIX"])


@pytest.fixture
def pk() -> str:
    """A partition of this test's own: the engine's tables are shared by all tests."""
    return f"contract-{uuid.uuid4()}"


def aws_client(stack: Any, service: str) -> Any:
    names = {"aws_access_key_id": "AWS_ACCESS_KEY_ID", "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY"}
    keys = {name: stack.environment.get(variable, "test") for name, variable in names.items()}
    region = stack.environment.get("AWS_DEFAULT_REGION", "eu-west-1")
    options: dict[str, Any] = {"endpoint_url": stack.engine.url, "region_name": region, **keys}
    return boto3.client(service, **options)  # type: ignore[call-overload]  # the name is a variable
