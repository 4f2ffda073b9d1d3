"""The OpenAPI document of both Chalice apps, from their routes, rules and pydantic models."""

import importlib
import sys
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from local.places import ROOT

Document = dict[str, Any]
REFS: Final = "#/components/schemas/{model}"
UUID: Final = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
FORMS: Final[dict[str, Document]] = {
    "id": UUID,
    "number": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "day": {"type": "string", "format": "date", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
}
SECURITY: Final = {
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
    "contactKey": {"type": "http", "scheme": "bearer", "description": "The key given when the contact was created."},
    "carrierSignature": {"type": "apiKey", "in": "header", "name": "X-Twilio-Signature"},
}
REFUSALS: Final = {
    400: "The body is no JSON, or the Idempotency-Key is missing.",
    401: "Nobody is signed in, or the log-in is refused.",
    403: "Not this role, or from another site.",
    404: "Not there, or another's: the answer is the same.",
    409: "Not in the present state.",
    413: "The body is too large.",
    415: "Not application/json.",
    422: "A field is not valid or missing.",
    429: "Too often; see Retry-After.",
    503: "Busy; try again.",
}


def load(function: str) -> Any:
    """The Chalice app of one function."""
    for folder in (ROOT / "functions" / "api", ROOT / "layers" / "core" / "python"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return importlib.import_module(f"functions.{function}.app").app


def document() -> Document:
    """Every route of both apps."""
    people, carrier = load("api"), load("voice_webhook")
    rules = importlib.import_module("chalicelib.rules").RULES
    problem = importlib.import_module("chalicelib.shapes").Problem
    paths: Document = {}
    for (method, path), rule in sorted(rules.items()):
        view = people.routes[path][method].view_function
        paths.setdefault(path, {})[method.lower()] = _operation(rule, view.__name__, view.__doc__ or "")
    for path, methods in sorted(carrier.routes.items()):
        paths[path] = {method.lower(): _webhook(path, entry) for method, entry in sorted(methods.items())}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hearthline", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas(list(rules.values()), problem), "securitySchemes": SECURITY},
    }


def _schemas(rules: list[Any], problem: type[BaseModel]) -> Document:
    taken: list[tuple[type[BaseModel], Any]] = [(rule.takes, "validation") for rule in rules if rule.takes]
    given: list[tuple[type[BaseModel], Any]] = [(rule.gives, "serialization") for rule in rules if rule.gives]
    models = dict.fromkeys([*taken, *given, (problem, "validation")])
    _, described = models_json_schema(list(models), ref_template=REFS)
    return {name: _optional(schema) for name, schema in described["$defs"].items()}


def _optional(schema: Document) -> Document:
    """Without `default: null`: generators of clients take a field with a default for one that is always there."""
    fields = {
        name: {word: value for word, value in rule.items() if (word, value) != ("default", None)}
        for name, rule in schema.get("properties", {}).items()
    }
    return {**schema, "properties": fields}


def _operation(rule: Any, name: str, words: str) -> Document:
    operation: Document = {
        "operationId": name,
        "summary": words.partition("\n")[0],
        "tags": [rule.path.split("/")[2]],
        "security": _security(rule.who),
        "parameters": _parameters(rule),
        "responses": _responses(rule),
    }
    if rule.takes is not None:
        fields = bool(rule.takes.model_fields)
        operation["requestBody"] = {"required": fields, "content": _json(rule.takes)}
    if isinstance(rule.who, frozenset):
        operation["x-roles"] = sorted(rule.who)
    return operation


def _security(who: Any) -> list[dict[str, list[str]]]:
    if isinstance(who, frozenset):
        return [{"session": []}]
    return [{"contactKey": []}] if who == "caller" else []


def _parameters(rule: Any) -> list[Document]:
    found = [_part(part[1:-1], rule) for part in rule.path.split("/") if part.startswith("{")]
    for name, values in rule.query.items():
        schema = FORMS[values] if isinstance(values, str) else {"enum": list(values)}
        found.append({"name": name, "in": "query", "required": False, "schema": schema})
    if rule.writes:
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": UUID})
    return found


def _part(name: str, rule: Any) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": FORMS[rule.parts.get(name, "id")]}


def _responses(rule: Any) -> Document:
    done: Document = {"description": "Done."}
    if rule.gives is not None:
        done["content"] = _json(rule.gives)
    expected = {429, 503}
    expected |= {400, 403, 409, 413, 415, 422} if rule.writes else set()
    expected |= {401, 403} if isinstance(rule.who, frozenset) else set()
    expected |= {401} if rule.path == "/api/session" else set()
    expected |= {404} if "{" in rule.path else set()
    expected |= {409} if "/me/" in rule.path else set()
    expected |= {422}  # an unknown query parameter
    refused = {"content": {"application/json": {"schema": {"$ref": REFS.format(model="Problem")}}}}
    answers = {str(code): {"description": REFUSALS[code], **refused} for code in sorted(expected)}
    return {str(rule.status): done, **answers}


def _json(model: type[BaseModel]) -> Document:
    return {"application/json": {"schema": {"$ref": REFS.format(model=model.__name__)}}}


def _webhook(path: str, entry: Any) -> Document:
    """Posts of the carrier: a form in, TwiML out; its own documents say which fields."""
    form = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
    parts = [part for part in path.split("/") if part.startswith("{")]
    name = path.removeprefix("/telephony/").replace("/", "_").replace("{", "").replace("}", "")
    return {
        "operationId": f"telephony_{name}",
        "summary": f"The carrier asks what to do: {entry.view_name}.",
        "tags": ["telephony"],
        "security": [{"carrierSignature": []}],
        "parameters": [
            {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}} for part in parts
        ],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": form}},
        "responses": {
            "200": {"description": "TwiML.", "content": {"text/xml": {"schema": {"type": "string"}}}},
            "default": {"description": "Refused: not signed, or not a form."},
        },
    }
