"""The local AWS engine, once a session: started on a free port, with the very infrastructure deployed into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from hearthline.platform.bus import EventBridge
from hearthline.platform.clock import SystemClock, SystemIds
from hearthline.platform.effects import Effects
from hearthline.platform.objects import S3Objects
from hearthline.platform.push import MemoryPush
from hearthline.platform.queue import SqsQueue
from hearthline.platform.seal import KmsKeys, Sealer
from hearthline.platform.settings import read_settings
from hearthline.platform.store_dynamo import DynamoStore
from local.deploy import Account, deploy_infra, fill_secrets
from local.engine import Engine
from local.engines import start_engine
from local.places import aws_environment
from local.processes import end_all, free_port

TENANT = "test"


@dataclass(frozen=True)
class Stack:
    """What infra/stack.yaml left on the engine, and the environment a function would be given there."""

    engine: Engine
    account: Account
    outputs: Mapping[str, str]
    environment: Mapping[str, str]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    state = tmp_path_factory.mktemp("engine")
    try:
        yield start_engine(free_port(0), state=state)
    finally:
        end_all(state)


@pytest.fixture(scope="session")
def stack(engine: Engine) -> Stack:
    outputs = deploy_infra(engine, TENANT)
    account = Account(engine.url)
    fill_secrets(account, outputs)
    environment = {
        **aws_environment(engine.url),
        "STAGE": "test",
        "TENANT": TENANT,
        "STACK_ID": outputs["StackUuid"],
        "TABLE_PREFIX": f"hearthline-{TENANT}",
        "QUEUE_URL_PREFIX": outputs["QueueUrlPrefix"],
        "BUS_NAME": outputs["BusName"],
        "SEAL_KEY_ID": outputs["SealKeyArn"],
        "INDEX_KEY_ID": outputs["IndexKeyArn"],
        "RECORDINGS_BUCKET": outputs["RecordingsBucket"],
        "CARRIER_SECRET": f"hearthline-{TENANT}-carrier",
        "MEDIA_SECRET": f"hearthline-{TENANT}-media",
    }
    return Stack(engine, account, outputs, environment)


@pytest.fixture(scope="session")
def engine_effects(stack: Stack) -> Effects:
    """The effects a function has, on the engine."""
    settings = read_settings(dict(stack.environment))

    def client(service: str) -> Any:
        return aws_client(stack.engine.url, stack.environment, service)

    database = client("dynamodb")
    keys = KmsKeys(client("kms"), settings.seal_key_id, settings.index_key_id)
    return Effects(
        settings=settings,
        store=DynamoStore(database, settings.table_prefix),
        queue=SqsQueue(lambda: client("sqs"), settings.queue_url_prefix),
        push=MemoryPush(),
        bus=EventBridge(lambda: client("events"), settings.bus_name),
        objects=S3Objects(lambda: client("s3"), settings.recordings_bucket),
        clock=SystemClock(),
        ids=SystemIds(),
        sealer=Sealer(settings.tenant, keys),
        secret=dict[str, dict[str, Any]]().__getitem__,
    )


def aws_client(url: str, environment: Mapping[str, str], service: str) -> Any:
    """A client with room for as many threads as a race starts."""
    options: dict[str, Any] = {
        "endpoint_url": url,
        "region_name": environment["AWS_DEFAULT_REGION"],
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "config": Config(max_pool_connections=32, retries={"mode": "standard", "total_max_attempts": 1}),
    }
    return boto3.client(service, **options)  # type: ignore[call-overload]  # the name is a variable
