"""The one UDP socket of a worker. Answers leave from the address that was asked (IP_PKTINFO)."""

import contextlib
import ipaddress
import socket
import struct
from collections.abc import Callable

from media_edge.peer import MAX_DATAGRAM, Route

BATCH = 64  # datagrams read before others get their turn
BUFFER_BYTES = 1 << 20
EXPEDITED_FORWARDING = 46 << 2  # DSCP EF (RFC 3246)
_IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)
_ANCILLARY = 256


class UdpSocket:
    """Non-blocking; ``read`` is called when the loop sees data."""

    def __init__(self, host: str, port: int, deliver: Callable[[bytes, Route], None]) -> None:
        six = ipaddress.ip_address(host).version == 6
        self._deliver = deliver
        self.socket = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        if six:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, EXPEDITED_FORWARDING)
        else:
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED_FORWARDING)
            self.socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        self.socket.bind((host, port))
        self.port: int = self.socket.getsockname()[1]
        self.unsent = 0

    def read(self) -> None:
        for _ in range(BATCH):
            try:
                data, extra, _flags, address = self.socket.recvmsg(MAX_DATAGRAM, _ANCILLARY)
            except (BlockingIOError, ConnectionError):
                return
            if data:
                self._deliver(data, Route((address[0], address[1]), _local(extra)))

    def send(self, data: bytes, route: Route) -> None:
        """A full buffer or a vanished peer costs this datagram, nothing else."""
        extra = []
        if route.local:
            packed = struct.pack("=i4s4s", 0, socket.inet_aton(route.local), bytes(4))
            extra = [(socket.IPPROTO_IP, _IP_PKTINFO, packed)]
        try:
            self.socket.sendmsg([data], extra, 0, route.address)
        except OSError:
            self.unsent += 1

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.close()


def _local(extra: list[tuple[int, int, bytes]]) -> str:
    for level, kind, data in extra:
        if level == socket.IPPROTO_IP and kind == _IP_PKTINFO and len(data) >= 12:
            return socket.inet_ntoa(data[4:8])  # ipi_spec_dst: where the answer leaves from
    return ""
