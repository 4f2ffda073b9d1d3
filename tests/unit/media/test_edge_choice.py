"""Everybody of a contact meets at one edge, without asking each other."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hearthline.media.model import TOKEN_SECONDS, choose_edge, claims

EDGES = ["a", "b", "c", "d"]


@given(st.uuids(), st.permutations(EDGES))
def test_the_order_of_the_list_does_not_matter(contact: object, edges: list[str]) -> None:
    assert choose_edge(str(contact), edges) == choose_edge(str(contact), EDGES)


def test_contacts_spread_over_the_edges() -> None:
    load = Counter(choose_edge(f"contact-{n}", EDGES) for n in range(4000))
    assert all(800 < load[edge] < 1200 for edge in EDGES)


def test_an_edge_that_goes_moves_only_its_own_contacts() -> None:
    for n in range(500):
        before = choose_edge(f"contact-{n}", EDGES)
        if before != "b":
            assert choose_edge(f"contact-{n}", ["a", "c", "d"]) == before


def test_a_contact_stays_where_it_met_while_that_edge_lives() -> None:
    assert {choose_edge(f"contact-{n}", EDGES, preferred="c") for n in range(50)} == {"c"}
    assert "c" not in {choose_edge(f"contact-{n}", ["a", "b"], preferred="c") for n in range(50)}


def test_without_an_edge_there_is_nowhere_to_meet() -> None:
    assert choose_edge("contact", []) is None


def test_a_token_is_for_one_edge_one_contact_and_one_minute() -> None:
    said = claims(tenant="t", edge="a", contact="c", role="carrier", leg="CA1", jti="j", now=1_760_000_000_999)
    assert said == {
        "iss": "hearthline", "tenant": "t", "aud": "a", "sub": "c", "role": "carrier", "leg": "CA1", "jti": "j",
        "iat": 1_760_000_000, "exp": 1_760_000_000 + TOKEN_SECONDS,
    }  # fmt: skip
