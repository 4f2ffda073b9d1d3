"""Orders to the carrier over its REST API, through its own client; imported only where the carrier layer is.

CarrierError
|- CallGoneError      the call is over, or never was: nothing to retry
|- StillRingsError    nobody picked up yet: who does is led on by that
|- CarrierBusyError   no answer, or a refusal that may pass: try again
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from requests import RequestException, get
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from hearthline.platform.effects import Effects
from hearthline.platform.errors import TryAgainError

TIMEOUT_SECONDS: Final = 3
ATTEMPTS: Final = 2
RING_SECONDS: Final = 30
"""How long a dialled-back customer is rung."""
LOOKED_AT: Final = 20
CLOCKS_APART_MS: Final = 330_000
"""How far the carrier's clock may be from ours: five minutes, and some seconds because it tells whole ones."""
MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
"""Twice what the longest message takes at 16 bits and 8 kHz."""
REAL_API: Final = "https://api.twilio.com"
OVER: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
NOT_IN_PROGRESS: Final = 21220
CANNOT_BE_CALLED: Final = frozenset({13223, 13224, 13227, 21201, 21211, 21214, 21215, 21216, 21217})
"""The carrier's codes for numbers it will never dial."""


class CarrierError(Exception):
    """Root of what the carrier may answer; never carries a number."""


class CallGoneError(CarrierError):
    pass


class StillRingsError(CarrierError):
    pass


class CarrierBusyError(CarrierError, TryAgainError):
    pass


class Redirected(TwilioHttpClient):  # type: ignore[misc]  # the carrier's package has no types
    """The carrier's HTTP client with another host in front of the same paths."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_url = api_url.rstrip("/")

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if self._api_url:
            parts = urlsplit(url)
            url = self._api_url + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, *args, **kwargs)


class Carrier:
    def __init__(self, account_sid: str, token: str, api_url: str = "") -> None:
        """``api_url`` '' is the real carrier."""
        client = Client(account_sid, token, http_client=Redirected(api_url))
        self._calls, self._recordings = client.calls, client.recordings
        self._login = (account_sid, token)
        self._api_url = (api_url or REAL_API).rstrip("/")

    def tell(self, call_sid: str, twiml: str) -> None:
        """The call goes on with this document. Raises CarrierError."""
        try:
            self._order(lambda: self._calls(call_sid).update(twiml=twiml))
        except CallGoneError:  # the carrier says the same of a call that is over and of one that still rings
            if self.is_over(call_sid):
                raise
            raise StillRingsError from None

    def dial(self, number: str, *, caller_id: str, url: str, status_url: str, ring_seconds: int = RING_SECONDS) -> str:
        """Ring a number or SIP address; answered, it is led by ``url``. The new call's sid. Raises CarrierError."""
        made = self._order(
            lambda: self._calls.create(
                to=number,
                from_=caller_id,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                timeout=ring_seconds,
            ),
            attempts=1,  # a second try after a lost answer would ring twice
        )
        return str(made.sid)

    def dialled(self, number: str, *, caller_id: str, since: int) -> list[tuple[str, bool]]:
        """Calls placed to a number since a time (ms), newest first: their sids, and whether each is still alive.

        Asked when the answer to ``dial`` may have been lost. The carrier's own filter knows whole days, and only calls
        that began to ring; so the time is compared here. Raises CarrierError.
        """
        found = self._order(lambda: self._calls.list(to=number, from_=caller_id, limit=LOOKED_AT))
        after = since - CLOCKS_APART_MS
        return [(str(each.sid), each.status not in OVER) for each in found if _ms(each.date_created) >= after]

    def is_over(self, call_sid: str) -> bool:
        """Whether nobody is on that line any more. Raises CarrierBusyError."""
        try:
            return self._order(lambda: self._calls(call_sid).fetch()).status in OVER
        except CallGoneError:
            return True

    def complete(self, call_sid: str) -> None:
        """Hang up. Raises CarrierError."""
        self._order(lambda: self._calls(call_sid).update(status="completed"))

    def recording(self, sid: str) -> bytes:
        """A message as a WAV file, read whole. Raises CallGoneError where there is none (yet), CarrierBusyError."""
        url = f"{self._api_url}/2010-04-01/Accounts/{self._login[0]}/Recordings/{sid}.wav"
        try:
            with get(url, auth=self._login, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False) as answer:
                if answer.status_code == 404:
                    raise CallGoneError("no such recording")
                if answer.status_code != 200:
                    raise CarrierBusyError(f"status {answer.status_code}")
                return _bounded(answer.iter_content(64 * 1024))
        except RequestException as error:
            raise CarrierBusyError(type(error).__name__) from None

    def forget_recording(self, sid: str) -> None:
        """Delete a message at the carrier; one that is gone is deleted. Raises CarrierBusyError."""
        with suppress(CallGoneError):
            self._order(lambda: self._recordings(sid).delete())

    def _order(self, act: Any, attempts: int = ATTEMPTS) -> Any:
        for _ in range(attempts):
            try:
                return act()
            except TwilioRestException as error:
                if error.status == 404 or error.code == NOT_IN_PROGRESS or error.code in CANNOT_BE_CALLED:
                    raise CallGoneError(str(error.code)) from None  # the message may hold a number
                failure = CarrierBusyError(f"status {error.status}, code {error.code}")
            except (TwilioException, RequestException) as error:
                failure = CarrierBusyError(type(error).__name__)
        raise failure from None


def _ms(moment: Any) -> int:
    return int(moment.timestamp() * 1000) if moment else 0


def _bounded(chunks: Iterable[bytes]) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_MESSAGE_BYTES:
            raise CarrierBusyError("a message of more bytes than it may have")
    return bytes(body)


@cache
def _carrier(account_sid: str, token: str, api_url: str) -> Carrier:
    return Carrier(account_sid, token, api_url)


def carrier(effects: Effects) -> Carrier:
    """This company's, with one client and its kept connections a process."""
    here = effects.settings
    token = str(effects.secret(here.carrier_secret)["auth_token"])
    return _carrier(here.carrier_account_sid, token, here.carrier_api_url)
