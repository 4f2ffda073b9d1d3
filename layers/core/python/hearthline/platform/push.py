"""News to a browser over its socket: best effort, nothing depends on one arriving."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi.client import ApiGatewayManagementApiClient


class Push(Protocol):
    def to(self, connection: str, message: dict[str, Any]) -> bool:
        """Whether the connection took it; False when it is gone or could not be reached."""


class GatewayPush:
    def __init__(self, client: Callable[[], "ApiGatewayManagementApiClient"]) -> None:
        self._client = client

    def to(self, connection: str, message: dict[str, Any]) -> bool:
        try:
            self._client().post_to_connection(ConnectionId=connection, Data=json.dumps(message).encode())
        except (ClientError, BotoCoreError):
            return False
        return True


class MemoryPush:
    """Keeps what a browser would have read: JSON, as it was when it was pushed."""

    def __init__(self, pause: Callable[[str], None] = lambda _: None) -> None:
        self._pause = pause
        self.pushed: list[tuple[str, dict[str, Any]]] = []

    def to(self, connection: str, message: dict[str, Any]) -> bool:
        self._pause("push.to")
        self.pushed.append((connection, json.loads(json.dumps(message))))
        return True
