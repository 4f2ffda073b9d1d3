"""The effects a function works with, bound once per process: on AWS here, in memory in ``effects_memory``."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hearthline.platform.bus import Bus, EventBridge
from hearthline.platform.clock import Clock, Ids, SystemClock, SystemIds
from hearthline.platform.objects import Objects, S3Objects
from hearthline.platform.push import GatewayPush, Push
from hearthline.platform.queue import Queue, SqsQueue
from hearthline.platform.seal import KmsKeys, Place, Sealer
from hearthline.platform.settings import Settings, settings
from hearthline.platform.store import Store
from hearthline.platform.store_dynamo import DynamoStore

if TYPE_CHECKING:
    from botocore.config import Config

CONNECT_SECONDS = 1
READ_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything outside the process that the rooms may touch. ``secret(name)`` gives a secret's JSON object."""

    settings: Settings
    store: Store
    queue: Queue
    push: Push
    bus: Bus
    objects: Objects
    clock: Clock
    ids: Ids
    sealer: Sealer
    secret: Callable[[str], dict[str, Any]]

    def seal_text(self, text: str, place: Place) -> str:
        """Base64 of the envelope; an empty text stays empty."""
        return base64.b64encode(self.sealer.seal(text.encode(), place)).decode() if text else ""

    def open_text(self, sealed: str, place: Place) -> str:
        return self.sealer.open(base64.b64decode(sealed), place).decode() if sealed else ""


def _quick() -> "Config":
    # A person waits behind each call: fail fast, and let the caller of the effect decide whether to try again.
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": 3}
    return Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries)


def client(service: str, **options: Any) -> Any:
    """A boto3 client with the bounds above, made on first use."""
    import boto3

    return boto3.client(service, config=_quick(), **options)  # type: ignore[call-overload]  # the name is a variable


@cache
def _shared(service: str, endpoint: str = "") -> Any:
    return client(service, endpoint_url=endpoint) if endpoint else client(service)


@cache
def _secret(name: str) -> dict[str, Any]:
    answer = json.loads(_shared("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    if not isinstance(answer, dict):
        raise TypeError(f"secret {name} is not a JSON object")
    return answer


class _LateKms:
    """The KMS client is made when the first field is sealed, not at start-up."""

    def __getattr__(self, operation: str) -> Any:
        return getattr(_shared("kms"), operation)


@cache
def aws() -> Effects:
    """The effects on AWS (or on a local engine: boto3 reads AWS_ENDPOINT_URL)."""
    here = settings()
    return Effects(
        settings=here,
        store=DynamoStore(_shared("dynamodb"), here.table_prefix),
        queue=SqsQueue(lambda: _shared("sqs"), here.queue_url_prefix),
        push=GatewayPush(lambda: _shared("apigatewaymanagementapi", here.ws_endpoint)),
        bus=EventBridge(lambda: _shared("events"), here.bus_name),
        objects=S3Objects(lambda: _shared("s3"), here.recordings_bucket),
        clock=SystemClock(),
        ids=SystemIds(),
        sealer=Sealer(here.tenant, KmsKeys(_LateKms(), here.seal_key_id, here.index_key_id)),
        secret=_secret,
    )
