"""What the company's tables and queues hold: the evidence, read from the engine."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hearthline.floor.items import waiting_pks
from hearthline.floor.model import LANGUAGES, ROUTABLE
from hearthline.platform.values import decode_item
from local.deploy import Account
from local.seed import COMPANY
from tests.soak.company.judge import BUSY, OVER, Evidence, Line

COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
QUEUES: Final = tuple(queue.id for queue in COMPANY.queues)
STATES_ALONE: Final[dict[str, Any]] = {
    "FilterExpression": "sk = :state AND attribute_exists(#state)",
    "ProjectionExpression": "pk, #state",
    "ExpressionAttributeNames": {"#state": "state"},
    "ExpressionAttributeValues": {":state": {"S": "state"}},
}
Item = dict[str, Any]


class Records:
    """Reads of one world; ``found`` is the content of its endpoints.json."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        account = Account(str(found["aws"]))
        self._dynamo, self._sqs = account.client("dynamodb"), account.client("sqs")
        self._prefix = f"hearthline-{found['tenant']}"
        self._logs = Path(str(found["function_logs"]))

    def table(self, name: str, **only: Any) -> Iterator[Item]:
        """Every item, or what the parameters of the scan leave of them."""
        scan = self._dynamo.get_paginator("scan")
        pages = scan.paginate(TableName=f"{self._prefix}-{name}", ConsistentRead=True, **only)
        for page in pages:
            yield from (decode_item(item) for item in page["Items"])

    def queues(self) -> dict[str, int]:
        """What lies in each queue, in hand and held back; dead letters too."""
        urls = self._sqs.list_queues(QueueNamePrefix=self._prefix).get("QueueUrls", [])
        found = {}
        for url in urls:
            said = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
            found[url.rsplit("/", 1)[1].removeprefix(f"{self._prefix}-")] = sum(int(said[name]) for name in COUNTS)
        return found

    def waiting(self) -> int:
        """How many stand in a queue at this moment."""
        places = [pk for queue in QUEUES for lang in LANGUAGES for pk in waiting_pks(queue, lang)]
        return sum(self._count(pk) for pk in places)

    def _count(self, pk: str) -> int:
        counted = self._dynamo.query(
            TableName=f"{self._prefix}-floor",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            Select="COUNT",
        )
        return int(counted["Count"])

    def unfinished(self) -> list[str]:
        """Contacts that are not over and agents who hold something, in words."""
        states = [(str(item["pk"]), str(item["state"])) for item in self.table("floor", **STATES_ALONE)]
        return [
            f"{pk[:10]} {state}"
            for pk, state in states
            if (pk.startswith("C#") and state not in OVER) or (pk.startswith("A#") and state in BUSY)
        ]

    def swept(self) -> Counter[str]:
        """What the sweep found, by cause, as its function told."""
        causes = Counter[str]()
        path = self._logs / f"{self._prefix}-sweep_floor.log"
        for line in path.read_text().splitlines() if path.exists() else ():
            if '"swept"' in line:
                causes.update(json.loads(line)["causes"])
        return causes

    def evidence(self, lines: Iterable[Line], pages: Iterable[str]) -> Evidence:
        """All of it. ``lines``: the carrier's calls; ``pages``: the contacts that pages were given."""
        floor = list(self.table("floor"))
        states = {item["pk"]: item for item in floor if item["sk"] == "state"}
        contacts = _of(states, "C#")
        offers = _of(states, "O#")
        waits = {name for name, item in contacts.items() if item["state"] in ROUTABLE}
        places = [item["contact"] for item in floor if item["pk"].startswith("W#") and item["contact"] not in waits]
        return Evidence(
            lines=tuple(lines),
            pages=tuple(pages),
            events=tuple(item["event"] for item in self.table("ledger")),
            contacts=contacts,
            agents=_of(states, "A#"),
            open_offers=tuple(name for name, item in offers.items() if item["state"] == "open"),
            tickets=tuple(item["contact"] for item in self.table("tickets") if item["pk"].startswith("T#")),
            places=tuple(places),
            due=tuple(item["pk"] for item in floor if "due" in item),
            queues=self.queues(),
            belongs={
                item["pk"][2:]: item["contact"]
                for item in floor
                if item["pk"].startswith("D#") and item["sk"] == "contact"
            },
        )


def _of(states: Mapping[str, Item], kind: str) -> dict[str, Item]:
    return {pk.removeprefix(kind): item for pk, item in states.items() if pk.startswith(kind)}
