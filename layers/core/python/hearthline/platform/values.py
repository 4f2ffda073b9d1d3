"""What the store keeps, in DynamoDB's wire form. No floats: a number that is kept must come back exactly as it went."""

from typing import Any


def encode(value: Any) -> dict[str, Any]:
    """One Python value in DynamoDB's wire form."""
    match value:
        case bool():
            return {"BOOL": value}
        case None:
            return {"NULL": True}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [encode(each) for each in value]}
        case dict():
            return {"M": {name: encode(each) for name, each in value.items()}}
    raise TypeError(f"the store keeps no {type(value).__name__}")


def decode(value: dict[str, Any]) -> Any:
    """The inverse of ``encode``."""
    ((kind, inner),) = value.items()
    match kind:
        case "N":
            return int(inner)
        case "NULL":
            return None
        case "B":
            return bytes(inner)
        case "L":
            return [decode(each) for each in inner]
        case "M":
            return {name: decode(each) for name, each in inner.items()}
    return inner


def decode_item(item: dict[str, Any]) -> dict[str, Any]:
    return {name: decode(value) for name, value in item.items()}
