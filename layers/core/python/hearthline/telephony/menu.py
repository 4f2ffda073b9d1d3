"""The company's menu: matters, their keys, queues, and the words people use for them."""

from typing import Final

from hearthline.telephony.model import Matter

ENGLISH_KEY: Final = "9"
CALLBACK_KEY: Final = "1"
MESSAGE_KEY: Final = "2"
THIS_NUMBER_KEY: Final = "1"


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split("|"))


OPERATOR: Final = Matter(
    "other",
    "0",
    "service",
    strong=_words("人工|客服|真人", "operator|human|representative|real person|somebody|someone|agent"),
)
"""Where a call goes whose matter nobody understood, or who asks for a person."""

MATTERS: Final = (
    Matter(
        "outage",
        "1",
        "broadband",
        strong=_words(
            "断线|断网|掉线|上不了网|没网|没有网|连不上|网断|没信号|光猫",
            "outage|no internet|offline|disconnect|not working|no connection|no signal|router|modem",
        ),
        weak=_words(
            "宽带|网络|上网|网速|很慢|太慢|卡|故障|坏|断|修|红灯",
            "internet|broadband|wifi|wi-fi|slow|down|connection|broken|drop|light",
        ),
    ),
    Matter(
        "billing",
        "2",
        "billing",
        strong=_words(
            "账单|帐单|费用|扣费|扣款|多收|收费|欠费|缴费|交费|退款|发票|话费|余额|扣了",
            "bill|invoice|charge|refund|payment|overcharge|balance",
        ),
        weak=_words("钱|付款|交钱|多少钱|金额|月租", "pay|paid|money|fee|cost"),
    ),
    Matter(
        "move",
        "3",
        "service",
        strong=_words(
            "移机|装机|搬家|搬到|新装|安装|迁移|报装|装宽带|新地址",
            "moving|relocat|install|new address|new house|new flat|new apartment|set up",
        ),
        weak=_words("地址|上门|新房|装|搬", "move|address|technician|appointment"),
    ),
    Matter(
        "plan",
        "4",
        "service",
        strong=_words(
            "套餐|升级|降级|提速|换成|改成|千兆|资费|续约|合约",
            "plan|upgrade|downgrade|package|contract|tariff|gigabit|faster speed",
        ),
        weak=_words("办理|变更|更换|优惠|流量|便宜", "change|switch|cheaper|offer|renew"),
    ),
    Matter(
        "complaint",
        "5",
        "service",
        strong=_words(
            "投诉|建议|举报|差评|态度|不满|服务太差|意见",
            "complain|suggest|feedback|rude|terrible service|unhappy|report your",
        ),
        weak=_words("太差|生气|经理|失望|没人管", "manager|angry|bad service|disappoint"),
    ),
    OPERATOR,
)
HINTS: Final = ",".join(
    _words(
        "宽带断线|上不了网|账单|费用|发票|移机|装机|套餐|升级|投诉|建议|人工服务",
        "internet is down|billing|moving house|change my plan|complaint|operator",
    )
)
"""What the carrier's recogniser should expect to hear."""
