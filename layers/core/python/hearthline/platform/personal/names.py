"""Names of people: a frequent surname and one or two signs after a word that introduces somebody, or beside a number of
his. Names without either are not looked for: in a language without capitals every second pair of signs may be one.
"""

import re
from collections.abc import Iterator
from typing import Final

from hearthline.platform.personal.model import Found

_SINGLE: Final = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金"
    "邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛柴伍覃骆"
    "关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲祁路涂兰甘裴梅童翁霍游阮尤岳柯牟滕谷卜饶凌宁成盛喻单冷房解"
)
_DOUBLE: Final = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
    "长孙",
    "宇文",
)
_GIVEN: Final = r"(?![的是在家这那有没就了吗也都很不个先女])[\u4e00-\u9fff]"
_SURNAME: Final = rf"(?:{'|'.join(_DOUBLE)}|[{_SINGLE}])"
_NAME: Final = rf"{_SURNAME}{_GIVEN}(?:{_GIVEN})?"
_CUES: Final = (
    r"(?:姓名|户主|联系人|收件人|机主|开户人|开户名|户名|收件|寄件人|车主|办理人|代办人|名字|客户|用户|持卡人|申请人)(?:名字)?"
    r"(?:是|叫|写|为|：|:| )*"
    r"|我叫|她叫|他叫|叫做?|本人|我先生|我太太|我爱人|我老公|我老婆|(?:我是)?(?:她|他|我)?(?:儿子|女儿|母亲|父亲|妈妈|爸爸)|我是|这边是|代(?=[^\s]{2,3}办理)|(?:不对|呃|嗯)，?是?"
)
_CHINESE: Final = re.compile(
    rf"(?:{_CUES})(?P<name>{_NAME})(?=$|[，。！？、；：,.;:!?\s]|的|已经|办理|代|是|不在|，|打)"
)
_SURNAME_ALONE: Final = re.compile(
    rf"(?:我姓|免贵姓|户主)(?P<name>{_SURNAME})(?=[，。,\s]|$)|立早(?P<again>[{_SINGLE}])"
)
_BESIDE: Final = re.compile(rf"(?:^|[，,；;\s])(?P<name>{_NAME})(?=\s+(?:1[3-9]\d|\+86))")
_MINORITY: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,6}?·[\u4e00-\u9fff]{2,8})(?=$|[，。,\s的]|[0-9])")
_ALONE: Final = re.compile(rf"(?:^|[，,；;。])\s*(?P<name>{_NAME})(?=[，,；;。]|$)")
_AFTER_A_CALL: Final = re.compile(rf"叫(?P<name>{_NAME})")

_WORD: Final = r"[A-Z][a-z]+(?:[A-Z][a-z]+)?|[A-Z]'[A-Z][a-z]+"
_FULL: Final = rf"(?:{_WORD})(?:[-](?:{_WORD}))?(?: (?:{_WORD})(?:[-](?:{_WORD}))?){{1,2}}"
_ENGLISH_CUES: Final = (
    r"[Mm]y name is|[Tt]his is|I'm|I am|[Nn]ame(?: is)?:?|[Hh]older:?|[Cc]ontact:?|under"
    r"|my (?:husband|wife|son|mother|father)|for|[Ii]t's under|[Ii]t's|name,?"
    r"|[Ss]peaking with|Regards,?|to(?= [A-Z][a-z]+ [A-Z][a-z]+,)"
)
_ENGLISH: Final = re.compile(rf"(?:\b(?:{_ENGLISH_CUES}),? |^)(?P<name>(?!My |The |Our |Your |Please ){_FULL})")
_STOP: Final = frozenset(
    re.findall(
        r"\w+",
        "a an the my your our not is was it this that um uh on in at no with and or calling angry sorry ridiculous here"
        " there speaking number email address phone bill line have two what who very so too to for from about down",
    )
)
_SPOKEN: Final = re.compile(
    r"\b(?:my name is|this is|it's under|name is)(?:,? (?:um|uh),?)? (?P<name>[a-z]+ [a-z]+)\b(?!')"
)


_SPELLED: Final = re.compile(r"(?:that's|spelled|spelt) (?P<name>[A-Za-z](?: [A-Za-z]){2,})\b")


def alone(text: str) -> list[Found]:
    """What stands for itself between commas and may be a name: it is one in a line that tells more of somebody."""
    return [Found(*match.span("name"), "name") for match in _ALONE.finditer(text)]


def names(text: str) -> list[Found]:
    return sorted({*_chinese(text), *_english(text)})


def _chinese(text: str) -> Iterator[Found]:
    for pattern in (_CHINESE, _BESIDE, _AFTER_A_CALL, _MINORITY):
        for match in pattern.finditer(text):
            yield Found(*match.span("name"), "name")
    for match in _SURNAME_ALONE.finditer(text):
        yield Found(*match.span("name" if match["name"] else "again"), "name")


def _english(text: str) -> Iterator[Found]:
    for match in _ENGLISH.finditer(text):
        yield Found(*match.span("name"), "name")
    for match in _SPELLED.finditer(text):
        yield Found(*match.span("name"), "name")
    for match in _SPOKEN.finditer(text):
        if not _STOP & set(match["name"].split()):
            yield Found(*match.span("name"), "name")
