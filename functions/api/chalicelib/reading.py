"""From a raw request to checked values, or a refusal that names what is wrong."""

import base64
import binascii
from typing import Any

from chalice.app import Request
from pydantic import ValidationError

from chalicelib.expected import expected
from chalicelib.problems import ProblemError
from chalicelib.rules import FORMS, Rule


def read_path(rule: Rule, parts: dict[str, str]) -> dict[str, str]:
    """Parts of a path are ids unless the rule names another form; what has none names nothing that exists."""
    for name, value in parts.items():
        if FORMS[rule.parts.get(name, "id")].fullmatch(value) is None:
            raise ProblemError("not_found")
    return parts


def read_query(rule: Rule, given: Any) -> dict[str, str]:
    """Parameters the rule knows, each once and with a value it lists, or of the form it names."""
    query: dict[str, str] = {}
    for name in given or {}:
        values = given.getlist(name)
        if len(values) != 1 or not _fits(rule.query.get(name, ()), values[0]):
            raise ProblemError("field_invalid", field=str(name)[:64])
        query[name] = values[0]
    return query


def _fits(allowed: tuple[str, ...] | str, value: str) -> bool:
    return FORMS[allowed].fullmatch(value) is not None if isinstance(allowed, str) else value in allowed


def read_body(rule: Rule, request: Request) -> Any:
    """The body as the rule's model; None where it takes none."""
    if rule.takes is None:
        return None
    raw = _raw(request, rule.most)
    kind = str(request.headers.get("content-type", "application/json"))
    if raw and kind.partition(";")[0].strip().lower() != "application/json":
        raise ProblemError("type_not_json")
    try:
        return rule.takes.model_validate_json(raw or b"{}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise ProblemError("json_invalid") from error
        path = first["loc"] if rule.takes.WHOLE_PATH else first["loc"][:1]
        field = ".".join(str(part) for part in path) or "body"
        raise ProblemError("field_invalid", field=field[:128], expected=expected(first)) from error


def _raw(request: Request, most: int) -> bytes:
    event = request.to_original_event()
    body = event.get("body") or ""
    if len(body) > 2 * most:
        raise ProblemError("body_too_large")
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ProblemError("json_invalid") from error
    if len(raw) > most:
        raise ProblemError("body_too_large")
    return raw
