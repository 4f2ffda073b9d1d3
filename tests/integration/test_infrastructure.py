"""infra/stack.yaml, deployed: what the engine and AWS must agree on for everything else to hold."""

import json
import time
import uuid
from typing import Any

import pytest

from hearthline.platform.nudge import READERS
from tests.conftest import TENANT, Stack

pytestmark = pytest.mark.engine
RECEIVE_SECONDS = 10
DELAYED = {"expire", "wrapup", "gone"}


def receive(stack: Stack, queue: str, event_id: str) -> dict[str, Any] | None:
    """The event with this id, once the queue has it; None when it does not come."""
    client = stack.account.client("sqs")
    url = f"{stack.outputs['QueueUrlPrefix']}-{queue}"
    deadline = time.monotonic() + RECEIVE_SECONDS
    while time.monotonic() < deadline:
        for message in client.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []):
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            body: dict[str, Any] = json.loads(message["Body"])
            if body["detail"]["id"] == event_id:
                return body
    return None


AT_ONCE = sorted((kind, queue) for kind, readers in READERS.items() for queue, _ in readers if queue not in DELAYED)


@pytest.mark.parametrize(("kind", "queue"), AT_ONCE)
def test_an_event_on_the_bus_reaches_its_reader_as_it_was_written(stack: Stack, kind: str, queue: str) -> None:
    event_id = uuid.uuid4().hex
    entry = {
        "EventBusName": stack.outputs["BusName"],
        "Source": "hearthline",
        "DetailType": kind,
        "Detail": json.dumps({"id": event_id}),
    }
    assert stack.account.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    received = receive(stack, queue, event_id)
    assert received is not None
    assert received["detail-type"] == kind


@pytest.mark.parametrize("queue", sorted(DELAYED))
def test_what_the_bus_sends_to_a_waiting_queue_is_held_back_by_the_queue_itself(stack: Stack, queue: str) -> None:
    url = f"{stack.outputs['QueueUrlPrefix']}-{queue}"
    client = stack.account.client("sqs")
    client.send_message(QueueUrl=url, MessageBody="{}")
    seen = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert int(seen["DelaySeconds"]) > 0
    assert int(seen["ApproximateNumberOfMessagesDelayed"]) >= 1


def test_items_end_by_their_own_time(stack: Stack) -> None:
    client = stack.account.client("dynamodb")
    for table in ("floor", "connections", "people", "config", "daybook"):
        described = client.describe_time_to_live(TableName=f"hearthline-{TENANT}-{table}")["TimeToLiveDescription"]
        assert described["AttributeName"] == "expires"


def test_the_key_of_blind_indexes_answers_the_same_for_the_same_value(stack: Stack) -> None:
    client = stack.account.client("kms")
    asked = {"KeyId": stack.outputs["IndexKeyArn"], "MacAlgorithm": "HMAC_SHA_256", "Message": b"value"}
    assert client.generate_mac(**asked)["Mac"] == client.generate_mac(**asked)["Mac"]
