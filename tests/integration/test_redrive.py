"""Dead letters come back to their queue, on the engine."""

import pytest

from local.redrive import redrive
from tests.conftest import Stack, aws_client

pytestmark = pytest.mark.engine


def test_dead_letters_are_moved_back_and_none_is_left(stack: Stack) -> None:
    client = aws_client(stack.engine.url, stack.environment, "sqs")
    prefix = stack.environment["QUEUE_URL_PREFIX"]
    for n in range(12):
        client.send_message(QueueUrl=f"{prefix}-ticket-dead", MessageBody=f"letter {n}")
    assert redrive(client, prefix, "ticket") == 12
    assert redrive(client, prefix, "ticket") == 0
    answer = client.get_queue_attributes(QueueUrl=f"{prefix}-ticket", AttributeNames=["ApproximateNumberOfMessages"])
    assert int(answer["Attributes"]["ApproximateNumberOfMessages"]) == 12
    client.purge_queue(QueueUrl=f"{prefix}-ticket")
