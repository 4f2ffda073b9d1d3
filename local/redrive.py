"""``python -m local.redrive QUEUE``: what a queue gave up goes back to it, once its cause is mended.

Speaks to what the environment names (AWS_ENDPOINT_URL, profile, region), else to what `make up` started. Readers look
up what is true now, so a message that comes again does no harm. TENANT names the company (default demo).
"""

import os
import sys
from typing import Any

import boto3

from local.deploy import Account
from local.places import ENDPOINTS, read_endpoints

BATCH = 10
LONGEST = 10_000
"""Messages in one run; more than this is an incident of its own."""


def redrive(client: Any, prefix: str, queue: str) -> int:
    """How many messages went from ``<prefix>-<queue>-dead`` back to ``<prefix>-<queue>``.

    A message is sent before it is removed: killed in between, it comes twice and is not lost.
    """
    url = client.get_queue_url(QueueName=f"{prefix}-{queue}")["QueueUrl"]
    dead = client.get_queue_url(QueueName=f"{prefix}-{queue}-dead")["QueueUrl"]
    moved = 0
    while moved < LONGEST:
        messages = client.receive_message(QueueUrl=dead, MaxNumberOfMessages=BATCH, WaitTimeSeconds=1).get("Messages")
        if not messages:
            break
        for message in messages:
            # At once, not after the queue's own delay: what it waited for is long over.
            client.send_message(QueueUrl=url, MessageBody=message["Body"], DelaySeconds=0)
            client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    elsewhere = "AWS_ENDPOINT_URL" in os.environ or not ENDPOINTS.exists()
    client = boto3.client("sqs") if elsewhere else Account(read_endpoints()["aws"]).client("sqs")
    moved = redrive(client, f"hearthline-{os.environ.get('TENANT', 'demo')}", sys.argv[1])
    print(f"{moved} messages went back to {sys.argv[1]}")


if __name__ == "__main__":
    main()
