"""Where a browser's media goes: one address while it is heard, every validated one while it is not."""

import pytest

from media_edge.wire.routes import FORGET_SECONDS, MAX_ROUTES, PAUSED_SECONDS, SILENT_SECONDS, Route, Routes

WIFI, MOBILE = Route(("192.0.2.1", 4000), "198.51.100.1"), Route(("203.0.113.9", 5000), "198.51.100.1")


@pytest.fixture
def routes() -> Routes:
    """A browser that speaks over one link and has another in reserve."""
    made = Routes()
    made.validated(WIFI, 0.0)
    made.settle(WIFI)
    made.validated(MOBILE, 0.0)
    made.heard(WIFI, 1.0)
    return made


def test_a_browser_that_is_heard_gets_its_media_once(routes: Routes) -> None:
    routes.look(1.0 + SILENT_SECONDS / 2)
    assert list(routes.targets) == [WIFI]


def test_a_browser_that_falls_silent_gets_its_media_on_both_links(routes: Routes) -> None:
    routes.look(1.0 + SILENT_SECONDS)
    assert list(routes.targets) == [WIFI, MOBILE]


def test_the_link_on_which_it_is_heard_again_is_the_only_one_from_then_on(routes: Routes) -> None:
    routes.look(1.0 + SILENT_SECONDS)
    routes.heard(MOBILE, 2.0)
    assert list(routes.targets) == [MOBILE]
    routes.look(2.0 + SILENT_SECONDS / 2)
    assert list(routes.targets) == [MOBILE]


def test_a_browser_that_pauses_is_not_taken_for_one_that_is_cut_off(routes: Routes) -> None:
    routes.pause(1.0)
    routes.look(1.0 + PAUSED_SECONDS - 0.01)
    assert list(routes.targets) == [WIFI]
    routes.look(1.0 + PAUSED_SECONDS)
    assert list(routes.targets) == [WIFI, MOBILE]


def test_a_browser_that_never_spoke_is_not_missed() -> None:
    listener = Routes()
    listener.validated(WIFI, 0.0)
    listener.settle(WIFI)
    listener.validated(MOBILE, 0.0)
    listener.look(10.0)
    assert list(listener.targets) == [WIFI]


def test_a_link_checked_while_nothing_is_heard_gets_media_at_once(routes: Routes) -> None:
    routes.look(1.0 + SILENT_SECONDS)
    third = Route(("203.0.113.77", 6000), "198.51.100.1")
    routes.validated(third, 1.2)
    assert third in routes.targets


def test_a_link_that_is_not_checked_any_more_is_forgotten_but_never_the_one_in_use(routes: Routes) -> None:
    routes.look(FORGET_SECONDS + 2)
    assert list(routes.targets) == [WIFI]
    assert WIFI.address in routes
    assert MOBILE.address not in routes


def test_an_address_that_checks_from_everywhere_pushes_out_old_ones_but_not_the_one_in_use(routes: Routes) -> None:
    for port in range(100):
        routes.validated(Route(("203.0.113.50", port), "198.51.100.1"), 1.0)
    routes.look(1.0 + SILENT_SECONDS)
    assert len(routes.targets) == MAX_ROUTES
    assert routes.targets[0] == WIFI
