"""What is found, and the words before it that tell what it is."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["identity", "card", "phone", "email", "address", "name", "plate", "passport"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CUE_REACH: Final = 28
"""Characters before a number in which a word may say what it is."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """``text[start:end]`` is personal."""

    start: int
    end: int
    kind: Kind


_CUES: Final[dict[str, str]] = {
    "identity": r"身份证|证件号|证件号码|居民证|旧证|\bidentity\b|\bid\b(?: card| number)*|实名",
    "card": (
        r"银行卡|信用卡|储蓄卡|借记卡|卡号|的卡|招行卡|这张卡"
        r"|\bcard\b(?: number)?|\bcredit\b|\bdebit\b|\bvisa\b|\bmastercard\b|\bamex\b"
    ),
    "passport": r"护照|户照|通行证|台胞证|回乡证|往来港澳|港澳证|pass port|\bpassport\b(?: number| no)?",
    "plate": r"车牌|号牌|\breg\b|\bvan\b|\bcar\b|\bplate\b(?: number)?",
    "phone": (
        r"手机|电话|座机|号码|联系方式|传真|固话|回拨|打我|短信|用户号"
        r"|\bphone\b|\bcell\b|\bmobile\b|\bnumber\b|\bcall\b|\btext\b|\breach\b|\btel\b|\bon\b"
    ),
    "none": (
        r"工单|订单|流水|编号|序列号|合同|快递|单号|型号|版本|端口|信用代码|热线|积分|金额|验证码|工号|分机|固件|协议"
        r"|\border\b|\bticket\b|\binvoice\b|\btracking\b|\bserial\b|\bversion\b|\bhotline\b|\bisbn\b|\bcode\b|\bextension\b|#"
    ),
}
_CUE: Final = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _CUES.items()), re.IGNORECASE)


def cue(text: str, at: int) -> str:
    """The nearest word before ``at`` that says what follows: a kind, ``none`` for what is no personal data, or ''."""
    said = ""
    for match in _CUE.finditer(text, max(0, at - CUE_REACH), at):
        said = str(match.lastgroup)
    return said
