"""The store on DynamoDB. A single write goes as PutItem, UpdateItem or DeleteItem, several as one transaction."""

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from hearthline.platform.store import (
    MAX_PAGE,
    Absent,
    BusyError,
    Change,
    Check,
    Condition,
    Index,
    Is,
    Item,
    Key,
    Page,
    Put,
    RefusedError,
    Remove,
    Write,
)
from hearthline.platform.values import decode_item, encode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

BUSY: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "ThrottlingError",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "TransactionConflictException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
    }
)


class _Expression:
    """Builds one request's expressions; placeholders keep reserved words and values apart."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        placeholder = f"#{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Any) -> str:
        placeholder = f":{len(self.values)}"
        self.values[placeholder] = encode(value)
        return placeholder

    def condition(self, when: tuple[Condition, ...]) -> str:
        return " AND ".join(self._one(condition) for condition in when)

    def _one(self, condition: Condition) -> str:
        if isinstance(condition, Absent):
            return f"attribute_not_exists({self.name('pk')})"
        if isinstance(condition, Is):
            return f"{self.name(condition.name)} = {self.value(condition.value)}"
        return f"attribute_not_exists({self.name(condition.name)})"

    def update(self, change: Change) -> str:
        parts = []
        if change.set:
            parts.append("SET " + ", ".join(f"{self.name(n)} = {self.value(v)}" for n, v in change.set.items()))
        if change.add:
            parts.append("ADD " + ", ".join(f"{self.name(n)} {self.value(v)}" for n, v in change.add.items()))
        if change.drop:
            parts.append("REMOVE " + ", ".join(self.name(n) for n in change.drop))
        return " ".join(parts)

    def into(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.values:
            request["ExpressionAttributeValues"] = self.values
        return request


class DynamoStore:
    """``prefix`` stands before each table's name."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def get(self, key: Key) -> Item | None:
        try:
            answer = self._client.get_item(TableName=self._table(key.table), Key=self._key(key), ConsistentRead=True)
        except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
            raise _named(error, 1) from error
        return decode_item(answer["Item"]) if "Item" in answer else None

    def page(
        self,
        table: str,
        pk: str,
        *,
        prefix: str = "",
        index: Index | None = None,
        up_to: int | None = None,
        limit: int = MAX_PAGE,
        newest_first: bool = False,
        more: Item | None = None,
    ) -> Page:
        words = _Expression()
        keys = f"{words.name(index.pk if index else 'pk')} = {words.value(pk)}"
        if prefix:
            keys += f" AND begins_with({words.name('sk')}, {words.value(prefix)})"
        if index and up_to is not None:
            keys += f" AND {words.name(index.sk)} <= {words.value(up_to)}"
        request = words.into(
            {
                "TableName": self._table(table),
                "KeyConditionExpression": keys,
                "Limit": min(limit, MAX_PAGE),
                "ScanIndexForward": not newest_first,
                "ConsistentRead": index is None,
            }
        )
        if index:
            request["IndexName"] = index.name
        if more:
            request["ExclusiveStartKey"] = {name: encode(value) for name, value in more.items()}
        try:
            answer = self._client.query(**request)
        except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
            raise _named(error, 1) from error
        last = answer.get("LastEvaluatedKey")
        return Page([decode_item(item) for item in answer["Items"]], decode_item(last) if last else None)

    def write(self, *writes: Write) -> None:
        try:
            if len(writes) == 1 and not isinstance(writes[0], Check):
                self._write_one(writes[0])
            else:
                items = [self._part(write) for write in writes]
                self._client.transact_write_items(TransactItems=items)
        except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
            raise _named(error, len(writes)) from error

    def _write_one(self, write: Write) -> None:
        ((kind, request),) = self._part(write).items()
        if kind == "Put":
            self._client.put_item(**request)
        elif kind == "Update":
            self._client.update_item(**request)
        else:
            self._client.delete_item(**request)

    def _part(self, write: Write) -> Any:
        """One member of a transaction; a single write sends the same words alone."""
        words = _Expression()
        request: dict[str, Any] = {"TableName": self._table(write.key.table)}
        if isinstance(write, Put):
            request["Item"] = {name: encode(value) for name, value in write.item.items()} | self._key(write.key)
            kind = "Put"
        else:
            request["Key"] = self._key(write.key)
            kind = {Change: "Update", Remove: "Delete", Check: "ConditionCheck"}[type(write)]
        if isinstance(write, Change):
            request["UpdateExpression"] = words.update(write)
        if write.when:
            request["ConditionExpression"] = words.condition(write.when)
        return {kind: words.into(request)}

    def _table(self, table: str) -> str:
        return f"{self._prefix}-{table}"

    @staticmethod
    def _key(key: Key) -> dict[str, Any]:
        return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _named(error: Exception, writes: int) -> Exception:
    """The store's own word for what DynamoDB said; a programming error stays what it is."""
    if not isinstance(error, ClientError):
        return BusyError(type(error).__name__)
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return RefusedError((0,))
    if code in BUSY:
        return BusyError(code)
    if code == "TransactionCanceledException":
        reasons = error.response.get("CancellationReasons") or [{}] * writes
        refused = [n for n, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed"]
        return RefusedError(refused) if refused else BusyError("TransactionCanceled")
    return error
