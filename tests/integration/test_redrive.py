"""What a queue gave up goes back to it."""

from typing import Any

import pytest

from local.redrive import redrive
from tests.conftest import TENANT, Stack

pytestmark = pytest.mark.engine
MANY = 23


def test_every_dead_letter_goes_back_to_its_queue_as_it_was(stack: Stack) -> None:
    client = stack.account.client("sqs")
    prefix = stack.outputs["QueueUrlPrefix"]
    for number in range(MANY):
        client.send_message(QueueUrl=f"{prefix}-media-dead", MessageBody=f"report {number}")
    assert redrive(client, f"hearthline-{TENANT}", "media") == MANY
    assert bodies(client, f"{prefix}-media") == {f"report {number}" for number in range(MANY)}
    assert bodies(client, f"{prefix}-media-dead") == set()


def bodies(client: Any, url: str) -> set[str]:
    """Everything a queue gives out, taken from it."""
    found: set[str] = set()
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.add(message["Body"])
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
