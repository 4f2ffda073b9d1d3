"""The UDP socket: marked for expedited forwarding, and answering from the address that was asked."""

import select
import socket

import pytest

from media_edge.wire.routes import Route
from media_edge.wire.udp import EXPEDITED_FORWARDING, TOGETHER, UdpPort, UdpSocket


def ask(bound_to: str, asked: str) -> tuple[object, list[Route]]:
    """Send one datagram to ``asked``; from where the answer came, and what the edge saw."""
    seen: list[Route] = []

    def deliver(data: bytes, route: Route) -> None:
        seen.append(route)
        edge.send(data, route)

    edge = UdpSocket(bound_to, 0, deliver)
    family = socket.AF_INET6 if ":" in asked else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.sendto(b"hello", (asked, edge.port))
        select.select([edge.socket], [], [], 10)
        edge.read()
        data, address = client.recvfrom(100)
    edge.close()
    assert data == b"hello"
    return address[0], seen


@pytest.mark.parametrize(
    ("bound_to", "asked", "local"),
    [
        ("127.0.0.1", "127.0.0.1", ""),
        ("0.0.0.0", "127.0.0.2", "127.0.0.2"),  # noqa: S104
        ("::1", "::1", ""),
        ("::", "::1", "::1"),
    ],
)
def test_the_answer_leaves_from_the_address_that_was_asked(bound_to: str, asked: str, local: str) -> None:
    answered_from, seen = ask(bound_to, asked)
    assert answered_from == asked
    assert [route.local for route in seen] == [local]


def test_every_packet_is_marked_for_expedited_forwarding() -> None:
    edge = UdpSocket("127.0.0.1", 0, lambda *_: None)
    assert edge.socket.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == EXPEDITED_FORWARDING == 0xB8
    edge.close()


def test_a_peer_that_has_vanished_costs_nothing() -> None:
    edge = UdpSocket("127.0.0.1", 0, lambda *_: None)
    for _ in range(3):
        edge.send(b"x", Route(("127.0.0.1", 9), ""))
        edge.flush()
    edge.read()
    edge.close()


def test_a_full_handful_leaves_by_itself_and_the_rest_with_the_tick() -> None:
    edge = UdpSocket("127.0.0.1", 0, lambda *_: None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", 0))
        client.setblocking(False)
        route = Route(client.getsockname(), "")
        for number in range(TOGETHER + 1):
            edge.send(bytes([number]), route)
        assert [client.recv(9)[0] for _ in range(TOGETHER)] == list(range(TOGETHER))
        with pytest.raises(BlockingIOError):
            client.recv(9)
        edge.flush()
        assert client.recv(9)[0] == TOGETHER
    edge.close()


@pytest.mark.parametrize(
    ("hosts", "asked"), [("127.0.0.1,::1", ("127.0.0.1", "::1")), ("0.0.0.0,::", ("127.0.0.1", "127.0.0.2", "::1"))]
)
def test_one_port_answers_in_both_families_from_the_address_that_was_asked(hosts: str, asked: tuple[str, ...]) -> None:
    edge = UdpPort(hosts.split(","), 0, lambda data, route: edge.send(data, route))
    assert len({each.port for each in edge.sockets}) == 1
    for host in asked:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(10)
            client.sendto(b"hello", (host, edge.port))
            ready, _, _ = select.select([each.socket for each in edge.sockets], [], [], 10)
            for each in edge.sockets:
                if each.socket in ready:
                    each.read()
            data, address = client.recvfrom(100)
        assert (data, address[0]) == (b"hello", host)
    edge.close()


def test_every_packet_over_ipv6_is_marked_for_expedited_forwarding() -> None:
    edge = UdpPort(["127.0.0.1", "::1"], 0, lambda *_: None)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
        client.settimeout(10)
        client.bind(("::1", 0))
        edge.send(b"sound", Route(client.getsockname()[:2], ""))
        edge.flush()
        _, extra, _, _ = client.recvmsg(100, 100)
    marks = [int.from_bytes(data[:4], "little") for level, kind, data in extra if kind == socket.IPV6_TCLASS]
    assert marks == [EXPEDITED_FORWARDING]
    edge.close()


def test_a_port_that_is_taken_in_one_family_is_not_opened_in_the_other() -> None:
    taken = UdpPort(["::1"], 0, lambda *_: None)
    with pytest.raises(OSError, match="in use"):
        UdpPort(["127.0.0.1", "::1"], taken.port, lambda *_: None)
    UdpPort(["127.0.0.1"], taken.port, lambda *_: None).close()
    taken.close()
