"""Postal addresses: parts that end as streets, houses and rooms do, as long as there is a number among them."""

import re
from collections.abc import Iterator
from typing import Final

from hearthline.platform.personal.model import Found

_NUMBER: Final = r"[0-9A-Za-z０-９零〇一二三四五六七八九十百两幺]+"
_AREA: Final = r"[\u4e00-\u9fff]{2,6}?(?:省|自治区|市|区|县|镇|乡|街道|村|开发区)"
_STREETS: Final = (
    "路|街|巷|大道|道|弄|胡同|小区|科技园|花园|苑|里|城|湾|庄|坊|公寓|大厦|广场|院|像|该"  # the last two are misheard
    "|[一二三四五六七八九东西南北]区"
)
_STREET: Final = rf"[\u4e00-\u9fff]{{2,8}}?(?:{_STREETS})"
_HOUSE: Final = rf"(?:增?{_NUMBER}(?:号院|号楼|号|栋|幢|撞|座|楼|层|单元|室|组|户|门)|增?{_NUMBER}(?=$|[，。,\s的]))"
_HOUSES: Final = re.compile(rf"(?:{_HOUSE})+(?:[\u4e00-\u9fff]{{0,8}}?(?:{_HOUSE}|[A-Z]区{_NUMBER})+){{0,3}}")
_VILLAGE: Final = re.compile(r"[\u4e00-\u9fff]{2,4}?[市县][\u4e00-\u9fff]{2,5}?[镇乡][\u4e00-\u9fff]{2,5}?村")
_BEFORE: Final = re.compile(rf"(?:(?:{_AREA}){{0,4}}(?:{_STREET})|(?:{_AREA}){{2,4}})$")
_REACH: Final = 36
"""Signs before the number in which the rest of an address stands."""
_LEAD: Final = re.compile(
    r"(?:.*?(?:新?地址(?:写错了)?(?:是|在|：|:| )*|家住|我住|人住|住在|住"
    r"|家在|送到|寄到|上门到|寄|从|移到|宿舍|叫|在(?!家)|这边|是))"
    r"(?=[\u4e00-\u9fff])"
)
_TYPES: Final = (
    "Crescent|Terrace|Close|Hill|Highway|Parkway|Grove|Walk|Row|Mews|Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Boulevard|Blvd"
    "|Drive|Court|Square|Way|Place"
)
_ENGLISH: Final = re.compile(
    r"(?:(?:Flat|Apt|Room|Unit|Suite) \w+, |Building \w+, )*"
    rf"\d+[A-Z]? (?:[A-Z][a-z]+ ){{1,3}}(?:{_TYPES})\b"
    r"(?:,? (?:(?:Apt|Suite|Flat|Unit|Room|Floor) \w+|[A-Z]{2} \d{5}|[A-Z]\d{1,2} \d?[A-Z0-9]{2,3}"
    r"|[A-Z][a-z]+(?: [A-Z][a-z]+)?(?: [A-Z]{1,2}\d{1,2} \w+)?(?=,|$|\.)))*"
)
_BOX: Final = re.compile(r"\bP\.?O\.? Box \d+(?:, [A-Z][a-z]+(?: [A-Z][a-z]+)?)?(?:, [A-Z]{2} \d{5})?")
_COUNT: Final = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
)
_SPOKEN: Final = re.compile(
    rf"\b(?:(?:flat|apartment|unit|room) (?:{_COUNT})(?: (?:{_COUNT}))*, )?"
    rf"(?:(?:{_COUNT}) )+(?:(?!(?:{_COUNT})\b)[a-z]+ ){{1,2}}"
    r"(?:road|rode|street|avenue|lane|boulevard|drive|crescent|terrace|close|courte?|grove|way)\b"
    rf"(?: (?:flat|apartment|apt|unit|room|suite)(?: (?:{_COUNT}))+)?"
    r"(?:,? [a-z]+(?: [a-z]+)?(?=,|$))?"
)


def places(text: str) -> list[Found]:
    return [*_chinese(text), *_by(_ENGLISH, text), *_by(_BOX, text), *_by(_SPOKEN, text)]


def _chinese(text: str) -> Iterator[Found]:
    for houses in _HOUSES.finditer(text):
        match = _BEFORE.search(text[: houses.start()], max(0, houses.start() - _REACH))
        if match:
            lead = _LEAD.match(text, match.start(), houses.start())
            yield Found(lead.end() if lead else match.start(), houses.end(), "address")

    for match in _VILLAGE.finditer(text):
        lead = _LEAD.match(text, match.start(), match.end())
        yield Found(lead.end() if lead else match.start(), match.end(), "address")


def _by(pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(match.start(), match.end(), "address")
