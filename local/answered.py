"""When the first call was answered, as the ledger tells it."""

from typing import Any

from local.deploy import Account


def first_answered(found: dict[str, Any]) -> int | None:
    """Epoch milliseconds of the first ContactConnected, None before; ``found`` is the content of endpoints.json."""
    table = f"hearthline-{found['tenant']}-ledger"
    scanned = (
        Account(found["aws"])
        .client("dynamodb")
        .scan(
            TableName=table,
            FilterExpression="#event.#type = :connected",
            ProjectionExpression="#event.#at",
            ExpressionAttributeNames={"#event": "event", "#type": "type", "#at": "at"},
            ExpressionAttributeValues={":connected": {"S": "ContactConnected"}},
        )
    )
    times = [int(item["event"]["M"]["at"]["N"]) for item in scanned["Items"]]
    return min(times, default=None)
