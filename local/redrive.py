"""Bring dead letters back: `python -m local.redrive <queue>` moves messages of `<queue>-dead` to `<queue>`.

Readers may see a message twice, so it is safe at any time. Works on the world that is up, or, with QUEUE_URL_PREFIX and
the usual AWS variables set, on an account.
"""

import os
import sys
from typing import Any, Final

import boto3

from local.places import aws_environment, read_endpoints

AT_ONCE: Final = 10
TENANT_PREFIX: Final = "hearthline"


def redrive(client: Any, prefix: str, queue: str) -> int:
    """How many messages were moved."""
    moved = 0
    while True:
        answer = client.receive_message(QueueUrl=f"{prefix}-{queue}-dead", MaxNumberOfMessages=AT_ONCE)
        letters = answer.get("Messages", [])
        if not letters:
            return moved
        for letter in letters:
            # Sent before it is deleted: twice is harmless, never is not.
            client.send_message(QueueUrl=f"{prefix}-{queue}", MessageBody=letter["Body"])
            client.delete_message(QueueUrl=f"{prefix}-{queue}-dead", ReceiptHandle=letter["ReceiptHandle"])
            moved += 1


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m local.redrive <queue>, such as route")
    prefix = os.environ.get("QUEUE_URL_PREFIX", "")
    if not prefix:
        found = read_endpoints()
        os.environ.update(aws_environment(found["aws"]))
        base = boto3.client("sqs").get_queue_url(QueueName=f"{TENANT_PREFIX}-{found['tenant']}-{sys.argv[1]}")
        prefix = base["QueueUrl"].removesuffix(f"-{sys.argv[1]}")
    print(f"moved {redrive(boto3.client('sqs'), prefix, sys.argv[1])} messages back to {sys.argv[1]}")


if __name__ == "__main__":
    main()
