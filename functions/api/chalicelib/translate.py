"""The rooms' words for what went wrong, in the words of HTTP."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.problems import ProblemError
from chalicelib.shapes import Bilingual
from hearthline.config.model import ConfigError
from hearthline.config.store import NeverPublishedError, NoSuchVersionError
from hearthline.floor.errors import (
    BusyAgentError,
    HoldsMessagesError,
    IllegalMoveError,
    NotFreeError,
    OfferGoneError,
    SealedContactError,
    StaleTrainingError,
    UnknownError,
    WatchedEnoughError,
)
from hearthline.media.edge import EdgeBusyError
from hearthline.media.store import SoundGoneError
from hearthline.people.flow import LoginRefusedError
from hearthline.people.limits import TooOftenError
from hearthline.platform.objects import ObjectsBusyError
from hearthline.platform.seal import KeysBusyError
from hearthline.platform.store import BusyError, RefusedError
from hearthline.tickets.model import FieldInvalidError, FieldsMissingError, StaleVersionError
from hearthline.tickets.model import IllegalMoveError as IllegalTicketMoveError

Result = TypeVar("Result")
SECONDS_UNTIL_TRY = 1

CODES: dict[type[Exception], str] = {
    UnknownError: "not_found",
    OfferGoneError: "offer_gone",
    BusyAgentError: "finish_offer_first",
    HoldsMessagesError: "messages_open",
    NotFreeError: "agent_not_free",
    WatchedEnoughError: "watched_enough",
    SealedContactError: "contact_sealed",
    IllegalMoveError: "not_now",
    IllegalTicketMoveError: "not_now",
    StaleVersionError: "stale_version",
    StaleTrainingError: "stale_version",
    NoSuchVersionError: "not_found",
    LoginRefusedError: "login_refused",
    NeverPublishedError: "not_configured",
    SoundGoneError: "sound_gone",
    EdgeBusyError: "edge_unreachable",
}
BUSY = (BusyError, RefusedError, KeysBusyError, ObjectsBusyError)


def translated(act: Callable[[], Result]) -> Result:
    """What ``act`` returns. Raises ProblemError for every error that a room has a name for."""
    try:
        return act()
    except tuple(CODES) as error:
        raise ProblemError(CODES[type(error)]) from error
    except FieldInvalidError as error:
        raise ProblemError("field_invalid", field=error.field) from error
    except ConfigError as error:
        fits = Bilingual(zh=error.zh, en=error.expected)
        raise ProblemError("field_invalid", field=f"config.{error.field}"[:128], expected=fits) from error
    except FieldsMissingError as error:
        raise ProblemError("fields_missing", missing=error.fields) from error
    except TooOftenError as error:
        raise ProblemError("too_often", after=error.seconds) from error
    except BUSY as error:
        raise ProblemError("try_again", after=SECONDS_UNTIL_TRY) from error
