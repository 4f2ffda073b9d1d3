"""The one UDP port of a worker, a socket for each family.

Bound everywhere, answers leave from the address that was asked (RFC 3542, ip(7)). Two sockets rather than one for both:
that one would give IPv4 addresses in IPv6's clothes, to be changed for each packet.
"""

import contextlib
import ipaddress
import socket
import struct
from collections.abc import Callable, Sequence

from media_edge.wire.peer import MAX_DATAGRAM
from media_edge.wire.routes import Route

BATCH = 64  # datagrams read before others get their turn
TOGETHER = 16  # datagrams sent in one go: the first of them waits some 2 ms at most
BUFFER_BYTES = 1 << 20
EXPEDITED_FORWARDING = 46 << 2  # DSCP EF (RFC 3246)
_IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)
_ANCILLARY = 256
FREE_PORT_TRIES = 20

Ancillary = list[tuple[int, int, bytes]]


class UdpSocket:
    """Non-blocking; ``read`` is called when the loop sees data."""

    def __init__(self, host: str, port: int, deliver: Callable[[bytes, Route], None]) -> None:
        ip = ipaddress.ip_address(host)
        self._deliver = deliver
        self._everywhere = ip.is_unspecified
        self.unsent = 0
        self._outgoing: list[tuple[bytes, Route]] = []
        self.socket = socket.socket(socket.AF_INET6 if ip.version == 6 else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        if ip.version == 6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, EXPEDITED_FORWARDING)
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, int(self._everywhere))
        else:
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED_FORWARDING)
            self.socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, int(self._everywhere))
        try:
            self.socket.bind((host, port))
        except OSError:
            self.socket.close()
            raise
        self.port: int = self.socket.getsockname()[1]

    def read(self) -> None:
        for _ in range(BATCH):
            try:
                if self._everywhere:
                    data, extra, _flags, address = self.socket.recvmsg(MAX_DATAGRAM, _ANCILLARY)
                    local = _asked(extra)
                else:
                    (data, address), local = self.socket.recvfrom(MAX_DATAGRAM), ""
            except (BlockingIOError, ConnectionError):
                break
            if data:
                self._deliver(data, Route((address[0], address[1]), local))
        self.flush()

    def send(self, data: bytes, route: Route) -> None:
        """Kept until ``flush``, or until there are some: sent in one go they wake those who wait for them once."""
        self._outgoing.append((data, route))
        if len(self._outgoing) >= TOGETHER:
            self.flush()

    def flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        for data, route in outgoing:
            self._send(data, route)

    def _send(self, data: bytes, route: Route) -> None:
        """A full buffer or a vanished peer costs this datagram, nothing else."""
        try:
            if route.local:
                self.socket.sendmsg([data], _leaving_from(route.local), 0, route.address)
            else:
                self.socket.sendto(data, route.address)
        except OSError:
            self.unsent += 1

    def close(self) -> None:
        self.flush()
        with contextlib.suppress(OSError):
            self.socket.close()


class UdpPort:
    """The same port on each of ``hosts``, one of a family at most. Where there is one, ``send`` is its socket's own."""

    def __init__(self, hosts: Sequence[str], port: int, deliver: Callable[[bytes, Route], None]) -> None:
        self.sockets = _bound(hosts, port, deliver)
        self.port = self.sockets[0].port
        self._six = next((each for each in self.sockets if each.socket.family == socket.AF_INET6), self.sockets[0])
        self._four = next((each for each in self.sockets if each.socket.family == socket.AF_INET), self.sockets[0])
        if len(self.sockets) == 1:
            self.send = self.sockets[0].send  # type: ignore[method-assign]  # asked for each packet: no step between

    def send(self, data: bytes, route: Route) -> None:
        (self._six if ":" in route.address[0] else self._four).send(data, route)

    @property
    def unsent(self) -> int:
        return sum(each.unsent for each in self.sockets)

    def flush(self) -> None:
        for each in self.sockets:
            each.flush()

    def close(self) -> None:
        for each in self.sockets:
            each.close()


def _bound(hosts: Sequence[str], port: int, deliver: Callable[[bytes, Route], None]) -> list[UdpSocket]:
    """Any free port must be free in both families. Raises OSError."""
    for tries_left in reversed(range(1 if port else FREE_PORT_TRIES)):
        made = [UdpSocket(hosts[0], port, deliver)]
        try:
            made += [UdpSocket(host, made[0].port, deliver) for host in hosts[1:]]
        except OSError:
            made[0].close()
            if not tries_left:
                raise
        else:
            return made
    raise AssertionError("unreachable")


def _asked(extra: Ancillary) -> str:
    """The address of ours that a datagram was sent to; empty when the kernel does not say."""
    for level, kind, data in extra:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO) and len(data) >= 12:
            return socket.inet_ntop(socket.AF_INET, data[4:8])
        if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO) and len(data) >= 16:
            return socket.inet_ntop(socket.AF_INET6, data[:16])
    return ""


def _leaving_from(local: str) -> Ancillary:
    if ":" in local:
        packed = struct.pack("=16sI", socket.inet_pton(socket.AF_INET6, local), 0)
        return [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, packed)]
    packed = struct.pack("=i4s4s", 0, socket.inet_pton(socket.AF_INET, local), bytes(4))
    return [(socket.IPPROTO_IP, _IP_PKTINFO, packed)]
