"""A ticket's moves and fields."""

from itertools import product
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from hearthline.tickets.fields import PROPERTIES, check_fields, schema_for, whole_schema
from hearthline.tickets.model import (
    MAX_HISTORY,
    MOVES,
    STATES,
    FieldInvalidError,
    IllegalMoveError,
    Move,
    Ticket,
    TicketState,
    missing,
    moved,
    opened,
    ticket_id,
    with_fields,
)
from local.seed import COMPANY

STACK = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
NOON = 1_760_000_000_000
ALLOWED = {("unattended", "take"), ("draft", "take"), ("draft", "submit")}


def a_ticket(state: TicketState = "draft") -> Ticket:
    draft = opened("t", "c", "outage", "" if state == "unattended" else "ana", NOON, NOON)
    return moved(draft, "submit", NOON) if state == "submitted" else draft


@pytest.mark.parametrize(("state", "move"), list(product(STATES, get_args(Move))))
def test_a_ticket_moves_only_along_its_table(state: TicketState, move: Move) -> None:
    if (state, move) in ALLOWED:
        assert moved(a_ticket(state), move, NOON).state == MOVES[state][move]
    else:
        with pytest.raises(IllegalMoveError):
            moved(a_ticket(state), move, NOON)


def test_the_ticket_of_a_contact_has_the_same_id_for_everybody() -> None:
    assert ticket_id(STACK, "call-1") == ticket_id(STACK, "call-1") != ticket_id(STACK, "call-2")


def test_a_contact_nobody_took_leaves_an_unattended_ticket() -> None:
    assert opened("t", "c", "outage", "", NOON, 0).state == "unattended"


def test_a_submitted_ticket_is_not_edited() -> None:
    with pytest.raises(IllegalMoveError):
        with_fields(a_ticket("submitted"), {"summary": "x"}, NOON)


def test_null_empties_a_field_and_what_is_not_named_stays() -> None:
    ticket = with_fields(a_ticket(), {"summary": "断线", "light": "red"}, NOON)
    assert with_fields(ticket, {"light": None}, NOON).fields == {"summary": "断线"}


def test_history_is_bounded() -> None:
    ticket = a_ticket()
    for n in range(2 * MAX_HISTORY):
        ticket = with_fields(ticket, {"summary": str(n)}, NOON + n)
    assert len(ticket.history) == MAX_HISTORY
    assert ticket.version == 2 * MAX_HISTORY + 1


def test_blank_is_missing() -> None:
    assert missing(schema_for("outage"), {"summary": "  "}) == ["light", "address", "outcome", "summary"]
    assert missing(schema_for("billing"), {"summary": "x", "outcome": "resolved"}) == []


@pytest.mark.parametrize("matter", [each.id for each in COMPANY.matters])
def test_the_schema_of_every_matter_is_a_schema_of_draft_2020_12(matter: str) -> None:
    Draft202012Validator.check_schema(schema_for(matter))
    assert set(schema_for(matter)["required"]) <= set(schema_for(matter)["properties"])


def test_every_field_speaks_both_languages_and_is_bounded() -> None:
    Draft202012Validator.check_schema(whole_schema())
    matters = {each.id for each in COMPANY.matters}
    for name, rule in PROPERTIES.items():
        assert rule["x-zh"] and rule["x-en"], name
        assert {"maxLength", "oneOf", "maximum"} & set(rule), name
        assert set(rule.get("x-matters", [])) | set(rule.get("x-required-for", [])) <= matters, name
        assert set(rule.get("x-required-for", [])) <= set(rule.get("x-matters", matters)), name


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"owner": "bo"}, "owner"),
        ({"summary": "x" * 1001}, "summary"),
        ({"light": "green"}, "light"),
        ({"summary": 5}, "summary"),
        ({"amount": 5}, "amount"),  # a field of another matter
        ({"contact_number": "call me"}, "contact_number"),
        ({"began": "yesterday evening"}, "began"),
        ({"began": "2026-11-20T20:30:00"}, "began"),  # in which zone?
    ],
)
def test_a_field_the_schema_refuses_is_named(fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(FieldInvalidError) as refused:
        check_fields("outage", fields)
    assert refused.value.field == wrong


def test_a_draft_may_lack_what_a_submitted_ticket_needs() -> None:
    check_fields("outage", {})
    check_fields("billing", {"amount": 12.5, "billing_month": "2026-10"})
    check_fields("outage", {"began": "2026-11-20T20:30:00+08:00", "scope": "all"})
    check_fields("outage", {"began": "2026-11-20T12:30:00.000Z"})
