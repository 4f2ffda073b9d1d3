"""The carrier's WebSocket: signature before the upgrade, token in ``start``, then sound both ways (picows)."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, WSUpgradeResponse
from picows.common import WSUpgradeResponseWithListener

from media_edge.entry import errors
from media_edge.entry.tokens import TokenRefusedError, signed_by_carrier
from media_edge.legs import carrier
from media_edge.rooms.edge import Edge, RefusedError

log = logging.getLogger("media_edge.entry.stream")

PATH = "/stream"
MAX_STREAMS = 200
START_SECONDS = 5.0
MAX_MESSAGES_A_SECOND = 200  # 50 of sound, and room for bursts after a stall
MAX_BURST = 1_000
CARRIER = frozenset({"carrier"})
Later = Callable[[float, Callable[[], None]], Any]


class Streams:
    """Listeners of this worker. ``later(seconds, work)`` is the loop's timer."""

    def __init__(self, edge: Edge, url: str, auth_token: str, later: Later) -> None:
        self.edge, self._url, self._auth_token, self.later = edge, url, auth_token, later
        self.open: set[Stream] = set()

    def upgrade(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener | None:
        """Called by picows before the upgrade is answered."""
        if request.path.decode("latin-1") != PATH:
            return _refused(HTTPStatus.NOT_FOUND, "not_found")
        signature = request.headers.get("X-Twilio-Signature", "")
        if not signed_by_carrier(self._auth_token, self._url, signature):
            return _refused(HTTPStatus.FORBIDDEN, "signature_refused")
        if len(self.open) >= MAX_STREAMS:
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_streams")
        return Stream(self)


def _refused(status: HTTPStatus, code: str) -> WSUpgradeResponseWithListener:
    response = WSUpgradeResponse()
    response.version, response.status, response.body = b"HTTP/1.1", status, errors.body(code)
    response.headers = CIMultiDict({"Content-Type": "application/json"})
    return WSUpgradeResponseWithListener(response, None)


class Stream(WSListener):
    """One call. Its leg is seated when ``start`` brings a good token for this very call."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._transport: WSTransport | None = None
        self._leg: carrier.CarrierLeg | None = None
        self._contact = ""
        self._patience: Any = None
        self._allowance, self._counted_at = float(MAX_BURST), 0.0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._streams.open.add(self)
        self._patience = self._streams.later(START_SECONDS, self._must_have_started)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self._text(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._streams.open.discard(self)
        if self._patience is not None:  # it would keep the whole connection, with its buffer, for its time
            self._patience.cancel()
        self._transport = None
        if self._leg is not None:
            self._streams.edge.leave_carrier(self._contact, self._leg)

    def close(self, code: WSCloseCode, reason: str) -> None:
        transport = self._transport
        if transport is not None and not transport.is_disconnected:
            transport.send_close(code, reason.encode())
            transport.disconnect()

    def _text(self, text: bytes) -> None:
        now = self._streams.edge.clock.steady()
        if not self._allowed(now):
            self.close(WSCloseCode.POLICY_VIOLATION, "too_many_messages")
            return
        try:
            message = carrier.parse(text)
        except carrier.CarrierMessageError:
            self.close(WSCloseCode.UNSUPPORTED_DATA, "bad_message")
            return
        if isinstance(message, carrier.Media) and self._leg is not None:
            self._leg.heard(message, now)
        elif isinstance(message, carrier.Key) and self._leg is not None:
            self._leg.key(message.digit)
        elif isinstance(message, carrier.Start):
            self._start(message)
        elif isinstance(message, carrier.Stop):
            self.close(WSCloseCode.OK, "stopped")

    def _start(self, start: carrier.Start) -> None:
        edge = self._streams.edge
        if self._leg is not None or self._transport is None:
            return
        try:
            token = "".join(start.parameters.get(name, "") for name in ("token", "token2"))  # the carrier bounds each
            admitted = edge.gate.admit(token, CARRIER, edge.clock.wall())
            if admitted.leg != start.call:
                raise TokenRefusedError("token_refused")
            part, person = admitted.plays, admitted.person
            leg = carrier.CarrierLeg(start, self._send, self._waiting, self._hang_up, role=part, who=person)
            edge.join_carrier(admitted, leg)
        except (TokenRefusedError, RefusedError) as refused:
            log.warning("stream refused", extra={"code": refused.code})
            self.close(WSCloseCode.POLICY_VIOLATION, refused.code)
            return
        self._leg, self._contact = leg, admitted.contact

    def _must_have_started(self) -> None:
        if self._leg is None:
            self.close(WSCloseCode.POLICY_VIOLATION, "no_start")

    def _allowed(self, now: float) -> bool:
        """A bucket that refills at the rate limit."""
        refill = (now - self._counted_at) * MAX_MESSAGES_A_SECOND
        self._allowance = min(float(MAX_BURST), self._allowance + refill) - 1
        self._counted_at = now
        return self._allowance >= 0

    def _send(self, text: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, text)

    def _waiting(self) -> int:
        return self._transport.underlying_transport.get_write_buffer_size() if self._transport is not None else 0

    def _hang_up(self) -> None:
        self.close(WSCloseCode.OK, "ended")
