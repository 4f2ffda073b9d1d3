"""Pure decisions about a phone call: what it is about, which number is meant, what a caller is told about the wait."""

import math
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh", "en"]

LONGEST_WAIT_SAID: Final = 30 * 60
"""Beyond half an hour a number says less than `more than 30 minutes`."""
MORE_MINUTES: Final = LONGEST_WAIT_SAID // 60 + 1
MAX_POSITION_SAID: Final = 200
HOME_COUNTRY: Final = "86"
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
CHINESE_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
CHINESE_LANDLINE: Final = re.compile(r"0[1-9][0-9]{8,10}")
CHINESE_LINE: Final = re.compile(r"1[3-9][0-9]{9}|(10|2[0-9])[2-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7}")
"""Without the country: a mobile, or an area code and a subscriber; no service numbers of three to five digits."""
NORTH_AMERICAN: Final = re.compile(r"[2-9][0-8][0-9][2-9](?!11)[0-9]{6}")
COSTLY: Final = re.compile(
    r"\+(86[48]00|44(9|87|70)|33(8[19])|49(900|137|180)|61(190|13)|65190|852900|81(990|570)|82(60|700)"
    r"|8(70|78|81|82|83|88)|979|999)"
)
"""Shared-cost and premium numbers, satellites and international networks: calling them back is how one is robbed."""
COSTLY_AREAS: Final = frozenset({"900", "976"})
SHORTEST_ABROAD: Final = 9
NOT_REACHED: Final = frozenset({"busy", "failed", "no-answer", "canceled"})
"""Ends of a call that nobody picked up."""
RECORDING: Final = re.compile(r"RE[0-9a-f]{32}$")
HAN: Final = re.compile(r"[\u3400-\u9fff]")
LATIN: Final = re.compile(r"[a-z]")
GONE: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""Call states after which nobody is on the line."""
TALKING: Final = frozenset({"connecting", "connected", "held"})
WAITING: Final = frozenset({"queued", "offered", "callback_promised"})

STRONG: Final = 3
WEAK: Final = 1


@dataclass(frozen=True, slots=True)
class Matter:
    """What a call may be about. ``strong`` words decide alone; ``weak`` ones count when nothing stronger was said."""

    id: str
    key: str
    queue: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """The matter as understood, and the language it was said in."""

    matter: Matter
    lang: Language


@dataclass(frozen=True, slots=True)
class Told:
    """What a waiting caller was told last, 0 for nothing; in addresses ``3-12`` is the third place and 12 minutes."""

    position: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        return f"{self.position}-{self.minutes}" if self.minutes else str(self.position)

    @classmethod
    def read(cls, text: str) -> "Told":
        """Addresses given out by an older release have no minutes."""
        position, _, minutes = text.partition("-")
        return cls(int(position), int(minutes or 0))


def contact_id(stack_id: str, call_sid: str) -> str:
    """The contact of a carrier's call: a retried webhook finds the same one."""
    return str(uuid.uuid5(uuid.UUID(stack_id), call_sid))


def normal(text: str) -> str:
    """One form for comparison: full-width made narrow, lower case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def language_of(text: str, otherwise: Language) -> Language:
    """Chinese if there is a Chinese character, English if there are Latin letters only."""
    if HAN.search(text):
        return "zh"
    return "en" if LATIN.search(normal(text)) else otherwise


def recognise(speech: str, digits: str, matters: Sequence[Matter], lang: Language) -> Heard | None:
    """The matter keyed or said; None when nothing, or two matters equally, were understood. A key beats words."""
    for matter in matters:
        if digits and digits == matter.key:
            return Heard(matter, lang)
    said = normal(speech)
    scores = sorted(((_score(said, matter), n) for n, matter in enumerate(matters)), reverse=True)
    if not scores or scores[0][0] == 0:
        return None
    if len(scores) > 1 and scores[1][0] == scores[0][0]:
        return None
    return Heard(matters[scores[0][1]], language_of(said, lang))


def _score(said: str, matter: Matter) -> int:
    strong = sum(STRONG for word in matter.strong if _says(said, word))
    return strong + sum(WEAK for word in matter.weak if _says(said, word))


def _says(said: str, word: str) -> bool:
    """Chinese words anywhere; English ones from the beginning of a word, so that `bill` is heard in `billing`."""
    return word in said if HAN.search(word) else re.search(rf"\b{re.escape(word)}", said) is not None


def is_e164(number: str) -> bool:
    """A full international number: plus, country, 7 to 15 digits."""
    return E164.fullmatch(number) is not None


def e164(typed: str) -> str:
    """The international form of a number keyed or typed at home; '' when it is none."""
    digits = re.sub(r"[\s()\-.]", "", typed)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+"):
        return digits if is_e164(digits) else ""
    if CHINESE_MOBILE.fullmatch(digits):
        return f"+{HOME_COUNTRY}{digits}"
    if CHINESE_LANDLINE.fullmatch(digits):
        return f"+{HOME_COUNTRY}{digits[1:]}"
    return ""


def may_be_called(number: str, ours: frozenset[str] = frozenset()) -> bool:
    """Whether a callback may be promised to an international number: a person's line, not one that costs, not ours.

    Chinese and North American numbers are held to their plans; of others the length alone is known.
    """
    if not is_e164(number) or number in ours or COSTLY.match(number):
        return False
    if number.startswith("+86"):
        return CHINESE_LINE.fullmatch(number[3:]) is not None
    if number.startswith("+1"):
        return NORTH_AMERICAN.fullmatch(number[2:]) is not None and not {number[2:5], number[5:8]} & COSTLY_AREAS
    return len(number) >= SHORTEST_ABROAD


def recording_of(sid: str, url: str) -> str:
    """The carrier's name of a recording, as told or as its address ends; '' for none."""
    found = RECORDING.search(sid) or RECORDING.search(url)
    return found.group() if found else ""


def mask_number(number: str) -> str:
    """What people may see of a number: ``+8613812348001`` -> ``138****8001``; '' stays ''."""
    digits = re.sub(r"[^0-9]", "", number)
    if number.startswith(f"+{HOME_COUNTRY}"):
        digits = digits[len(HOME_COUNTRY) :]
    if not digits:
        return ""
    head, tail = (3, 4) if len(digits) >= 9 else (0, min(2, len(digits) - 1))
    return digits[:head] + "****" + digits[len(digits) - tail :]


def last_digits(number: str) -> str:
    """The last four digits, by which a person recognises the own number."""
    return re.sub(r"[^0-9]", "", number)[-4:]


def expected_wait(position: int, free_agents: int, place_ms: int) -> int:
    """Seconds until somebody at ``position`` (1 is next) is answered; 0 when an agent is free for them now."""
    return math.ceil(max(0, position - free_agents) * place_ms / 1000)


def minutes_said(seconds: int) -> int:
    """Whole minutes as they are told, rounded up, at least 1; ``MORE_MINUTES`` stands for more than half an hour."""
    return min(max(1, math.ceil(seconds / 60)), MORE_MINUTES)


def say_next(position: int, seconds: int, *, at_entry: int, before: Told) -> Told:
    """What a waiting caller is told now: never a worse place, nor a longer wait, than before."""
    places = [each for each in (at_entry, before.position) if each > 0]
    minutes = minutes_said(seconds)
    return Told(
        min([position, *places, MAX_POSITION_SAID]), min(minutes, before.minutes) if before.minutes else minutes
    )


def where_to(state: str) -> Literal["join", "wait", "goodbye"]:
    """Where a caller belongs whose sound just ended or who was just dialled back."""
    if state in TALKING:
        return "join"
    return "wait" if state in WAITING else "goodbye"
