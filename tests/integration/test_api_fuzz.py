"""Requests made from the OpenAPI document, right ones and wrong ones: every answer is one the document names."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.rules import RULES
from local.openapi import document
from tests.desk import Answer, Desk, open_desk, request

EXAMPLES = 50
AnyCase = Case[Any]
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
WHOLE = document()
PEOPLES = {path: item for path, item in WHOLE["paths"].items() if path.startswith("/api/")}
SCHEMA = schemathesis.openapi.from_dict({**WHOLE, "paths": PEOPLES})
OPERATIONS = {f"{method} {path}": SCHEMA[path][method] for method, path in sorted(RULES)}


def prepared(case: AnyCase) -> requests.PreparedRequest:
    return requests.Request(**case.as_transport_kwargs(base_url="https://cc.example")).prepare()


def event_of(case: AnyCase, sent: requests.PreparedRequest, given_headers: dict[str, str], id: str) -> dict[str, Any]:
    """What the gateway would make of the request; it never lets a path through that is not the route's."""
    url = urlsplit(sent.url or "")
    body = sent.body.decode("utf-8", "replace") if isinstance(sent.body, bytes) else None
    body = sent.body if isinstance(sent.body, str) else body
    query = parse_qs(str(url.query), keep_blank_values=True) or None
    headers = {**{str(name): str(value) for name, value in sent.headers.items()}, **given_headers}
    made = request(case.method.upper(), case.path, raw=body, headers=headers, query=query)
    parts = {name: id or str(value) for name, value in (case.path_parameters or {}).items()}
    return made | {"pathParameters": parts or None}


def check(case: AnyCase, sent: requests.PreparedRequest, said: Answer) -> None:
    assert said.status < 500, said
    headers = {name.lower(): [value] for name, value in said.headers.items()}
    content = json.dumps(said.body).encode() if said.body is not None else b""
    case.validate_response(Response(said.status, headers, content, sent, 0.0, False), checks=CHECKS)


def of_a_contact(desk: Desk) -> tuple[str, dict[str, str]]:
    made = desk.call("POST", "/api/public/contacts", {"matter": "outage", "lang": "zh"}).body
    return str(made["contact"]), {"Authorization": f"Bearer {made['key']}"}


def right_or_wrong(name: str) -> st.SearchStrategy[AnyCase]:
    operation = OPERATIONS[name]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_whatever_comes_in_the_answer_is_a_documented_one(name: str) -> None:
    method, path = name.split(" ")
    with open_desk() as desk:
        ana, adam = desk.as_("ana"), desk.as_("adam")
        talking = ana.talking()

        @given(case=right_or_wrong(name))
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def fuzz(case: AnyCase) -> None:
            desk.shift.later(61)
            desk.shift.presence.beat(f"screen-{ana.person.id}")
            cookie = adam.cookie if "/admin/" in path else ana.cookie
            id, headers = ("", {"Cookie": cookie}) if RULES[method, path].who != "caller" else of_a_contact(desk)
            if "/contacts/" in path and not id and case.path_parameters:
                id = talking
            sent = prepared(case)
            check(case, sent, desk.send(event_of(case, sent, headers, id)))

        fuzz()
