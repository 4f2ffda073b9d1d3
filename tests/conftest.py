"""The local AWS engine, once a session: started on a free port, with the very infrastructure deployed into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from local.deploy import Account, deploy_infra, fill_secrets
from local.engine import Engine, start_ministack
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
        yield start_ministack(free_port(0), state=state)
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
