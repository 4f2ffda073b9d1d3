"""From a raw request to checked values, or a refusal that names what is wrong."""

import base64
import binascii
import re
from typing import Any, Final

from chalice.app import Request
from pydantic import ValidationError

from chalicelib.problems import ProblemError
from chalicelib.rules import Rule

MAX_BODY_BYTES: Final = 16_384
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def read_path(parts: dict[str, str]) -> dict[str, str]:
    """All parts of our paths are ids; another form names nothing that exists."""
    for value in parts.values():
        if UUID.fullmatch(value) is None:
            raise ProblemError("not_found")
    return parts


def read_query(rule: Rule, given: Any) -> dict[str, str]:
    """Parameters the rule knows, each once and with a value it lists."""
    query: dict[str, str] = {}
    for name in given or {}:
        values = given.getlist(name)
        if name not in rule.query or len(values) != 1 or values[0] not in rule.query[name]:
            raise ProblemError("field_invalid", field=str(name)[:64])
        query[name] = values[0]
    return query


def read_body(rule: Rule, request: Request) -> Any:
    """The body as the rule's model; None where it takes none."""
    if rule.takes is None:
        return None
    raw = _raw(request)
    kind = str(request.headers.get("content-type", "application/json"))
    if raw and kind.partition(";")[0].strip().lower() != "application/json":
        raise ProblemError("type_not_json")
    try:
        return rule.takes.model_validate_json(raw or b"{}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise ProblemError("json_invalid") from error
        raise ProblemError("field_invalid", field=str((*first["loc"], "body")[0])[:64]) from error


def _raw(request: Request) -> bytes:
    event = request.to_original_event()
    body = event.get("body") or ""
    if len(body) > 2 * MAX_BODY_BYTES:
        raise ProblemError("body_too_large")
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ProblemError("json_invalid") from error
    if len(raw) > MAX_BODY_BYTES:
        raise ProblemError("body_too_large")
    return raw
