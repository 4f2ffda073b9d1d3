"""Who may enter: media tokens and the carrier's signature."""

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped, unused-ignore]

from media_edge.entry import tokens
from media_edge.entry.tokens import Gate, TokenRefusedError

KEY = OKPKey.generate_key("Ed25519")
NOW = int(time.time())
GOOD: dict[str, Any] = {
    "iss": "hearthline",
    "tenant": "demo",
    "aud": "edge-1",
    "sub": "c1",
    "role": "agent",
    "leg": "p1",
    "jti": "j1",
}
GOOD |= {"iat": NOW, "exp": NOW + 60}
BROWSER = frozenset({"caller", "agent"})


def gate() -> Gate:
    return Gate({k: str(v) for k, v in KEY.as_dict(private=False).items()}, "demo", "edge-1")


def token(key: OKPKey = KEY, **changes: Any) -> str:
    return jwt.encode({"alg": "Ed25519"}, {**GOOD, **changes}, key, algorithms=["Ed25519"])


def refusal(text: str, at: float = NOW + 1) -> str:
    with pytest.raises(TokenRefusedError) as refused:
        gate().admit(text, BROWSER, at)
    return refused.value.code


def test_a_good_token_names_the_contact_the_role_and_the_person() -> None:
    assert gate().admit(token(), BROWSER, NOW + 1) == tokens.Pass("c1", "agent", "p1")


def test_a_carriers_call_is_a_callers_unless_its_token_names_one_of_the_house() -> None:
    carrier = frozenset({"carrier"})
    assert gate().admit(token(role="carrier"), carrier, NOW).plays == "caller"
    admitted = gate().admit(token(role="carrier", plays="agent", person="ana"), carrier, NOW)
    assert (admitted.plays, admitted.person, admitted.leg) == ("agent", "ana", "p1")


@pytest.mark.parametrize(
    "claims", [{"plays": "agent"}, {"plays": "supervisor", "person": "ana"}, {"plays": "agent", "person": "a" * 129}]
)
def test_a_carriers_call_is_nobody_else_in_a_room(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefusedError, match="token_refused"):
        gate().admit(token(role="carrier", **claims), frozenset({"carrier"}), NOW)


def test_the_part_of_a_phone_means_nothing_in_a_pages_token() -> None:
    assert gate().admit(token(plays="caller", person="eve"), BROWSER, NOW) == tokens.Pass("c1", "agent", "p1")


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_older_name_of_the_algorithm_is_taken_too() -> None:
    old = jwt.encode({"alg": "EdDSA"}, GOOD, KEY, algorithms=["EdDSA"])
    assert gate().admit(old, BROWSER, NOW + 1).contact == "c1"


def test_a_token_works_once() -> None:
    door, text = gate(), token()
    door.admit(text, BROWSER, NOW)
    with pytest.raises(TokenRefusedError, match="token_used"):
        door.admit(text, BROWSER, NOW)


def test_a_refused_role_does_not_use_the_token_up() -> None:
    door, text = gate(), token()
    with pytest.raises(TokenRefusedError, match="token_role"):
        door.admit(text, frozenset({"control"}), NOW)
    assert door.admit(text, BROWSER, NOW).role == "agent"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"tenant": "other"},
        {"aud": "edge-2"},
        {"exp": NOW},
        {"exp": NOW + 3600},
        {"iat": NOW + 30},
        {"iat": "soon"},
        {"exp": None},
        {"jti": ""},
        {"sub": 7},
        {"leg": "x" * 129},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    assert refusal(token(**changes)) == "token_refused"


def test_another_key_another_algorithm_and_none_are_refused() -> None:
    assert refusal(token(OKPKey.generate_key("Ed25519"))) == "token_refused"
    shared = OctKey.import_key(b"k" * 32)
    assert refusal(jwt.encode({"alg": "HS256"}, GOOD, shared)) == "token_refused"
    head, body, _ = token().split(".")
    assert refusal(f"eyJhbGciOiJub25lIn0.{body}.") == "token_refused"
    assert refusal(f"{head}.{body}.AAAA") == "token_refused"
    assert refusal("") == "token_missing"
    assert refusal("x" * 5000) == "token_missing"


def test_a_flood_of_tokens_makes_the_gate_refuse_not_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MAX_REMEMBERED", 2)
    door, first = gate(), token(jti="1")
    door.admit(first, BROWSER, NOW)
    door.admit(token(jti="2"), BROWSER, NOW)
    with pytest.raises(TokenRefusedError):
        door.admit(token(jti="3"), BROWSER, NOW)
    late = token(jti="4", iat=NOW + 100, exp=NOW + 160)
    assert door.admit(late, BROWSER, NOW + 101).contact == "c1"


def test_the_signature_is_the_carriers_own() -> None:
    url = "wss://edge-1.example.com/stream"
    theirs = RequestValidator("secret").compute_signature(url, {})
    assert tokens.carrier_signature("secret", url) == theirs
    assert tokens.signed_by_carrier("secret", url, theirs)
    assert not tokens.signed_by_carrier("secret", url + "?", theirs)
    assert not tokens.signed_by_carrier("secret", url, theirs[:-1])
    assert not tokens.signed_by_carrier("secret", url, "签名")
