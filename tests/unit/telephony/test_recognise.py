"""What a caller is understood to be calling about."""

from collections import Counter

import pytest

from hearthline.telephony.menu import MATTERS, OPERATOR
from hearthline.telephony.model import recognise

# Written down after the keywords: the table measures them, it does not define them.
HELD_OUT: tuple[tuple[str, str], ...] = (
    ("我家网又断了，一直连不上", "outage"),
    ("路由器红灯亮着，打不开网页", "outage"),
    ("昨天晚上开始就没网了", "outage"),
    ("宽带特别慢，老是掉线", "outage"),
    ("光猫是不是坏了", "outage"),
    ("网络故障帮我看看", "outage"),
    ("这个月怎么多扣了我五十块钱", "billing"),
    ("我想查一下账单", "billing"),
    ("发票怎么开", "billing"),
    ("我是不是欠费了", "billing"),
    ("你们为什么重复扣款", "billing"),
    ("话费余额还有多少", "billing"),
    ("我要搬家，宽带怎么移过去", "move"),
    ("我们新房子想装宽带", "move"),
    ("约个师傅上门安装", "move"),
    ("办理移机", "move"),
    ("换个地址继续用你们的网", "move"),
    ("我想换个便宜点的套餐", "plan"),
    ("能不能升级到千兆", "plan"),
    ("合约到期了怎么续", "plan"),
    ("提速要多少钱", "plan"),
    ("把我的套餐降级", "plan"),
    ("我要投诉你们的师傅", "complaint"),
    ("你们客服态度太差了", "complaint"),
    ("给你们提个建议", "complaint"),
    ("我对你们的服务非常不满意", "complaint"),
    ("转人工", "other"),
    ("我要找真人说话", "other"),
    ("My internet has been down since this morning", "outage"),
    ("the wifi keeps dropping", "outage"),
    ("There's a red light on my modem", "outage"),
    ("I can't get online, no connection at all", "outage"),
    ("Why is my bill so high", "billing"),
    ("You charged me twice last month", "billing"),
    ("I'd like a refund please", "billing"),
    ("how do I pay my invoice", "billing"),
    ("I'm moving to a new flat next week", "move"),
    ("I need someone to install broadband at my new address", "move"),
    ("can a technician come to set it up", "move"),
    ("I want to upgrade my plan", "plan"),
    ("is there a cheaper package", "plan"),
    ("when does my contract end, I want to switch", "plan"),
    ("I want to make a complaint", "complaint"),
    ("your technician was very rude", "complaint"),
    ("I have some feedback for you", "complaint"),
    ("let me speak to a human", "other"),
    ("operator please", "other"),
    # Harder: said the long way round, with words that belong to two matters, or with none that is typical.
    ("电视看到一半就一直转圈圈", "outage"),
    ("打游戏延迟特别高", "outage"),
    ("网页打不开，手机连得上但是上不去", "outage"),
    ("昨晚打雷之后盒子就不亮了", "outage"),
    ("楼里是不是在检修，我家用不了网", "outage"),
    ("我卡里的钱怎么少了", "billing"),
    ("上个月已经交了怎么还催我", "billing"),
    ("为什么停机了，我明明充过值", "billing"),
    ("下个月住到另一个小区，网怎么办", "move"),
    ("师傅什么时候来，我预约了今天下午", "move"),
    ("我不想用了，要退网", "plan"),
    ("有没有适合老人的，每个月少花点的", "plan"),
    ("我要找你们领导", "complaint"),
    ("打了三次电话都没人解决", "complaint"),
    ("这个怎么回事啊你们", "complaint"),
    ("Netflix keeps buffering every evening", "outage"),
    ("nothing loads on any of my devices", "outage"),
    ("there was a storm and now the box is dead", "outage"),
    ("I was debited two times", "billing"),
    ("my card was declined when I tried to settle up", "billing"),
    ("we got the keys to our house, how do we take our line with us", "move"),
    ("the engineer never showed up for the appointment", "move"),
    ("do you have something with more megabits", "plan"),
    ("I'd like to cancel", "plan"),
    ("I've called three times and nobody helps", "complaint"),
    ("put your boss on the line", "complaint"),
)
NOT_UNDERSTOOD = ""
LEAST_RIGHT = 0.65
MOST_WRONG = 0.05
"""A first recogniser of keywords: who is not understood is asked again and then reaches a person."""


def heard_as(said: str) -> str:
    heard = recognise(said, "", MATTERS, "zh")
    return heard.matter.id if heard else NOT_UNDERSTOOD


def test_most_utterances_it_was_not_made_from_go_to_the_right_place_and_few_to_a_wrong_one() -> None:
    matrix = Counter((meant, heard_as(said)) for said, meant in HELD_OUT)
    total = matrix.total()
    right = sum(n for (meant, heard), n in matrix.items() if meant == heard) / total
    wrong = sum(n for (meant, heard), n in matrix.items() if heard not in {meant, NOT_UNDERSTOOD}) / total
    print(f"{total} held out: {right:.0%} right, {wrong:.0%} wrong, {1 - right - wrong:.0%} asked again")  # noqa: T201
    names = [matter.id for matter in MATTERS]
    print("".join(f"{name:>11}" for name in ("", *names, "again")))  # noqa: T201 - the table is the point
    for meant in names:
        print(f"{meant:>11}" + "".join(f"{matrix[meant, heard]:>11}" for heard in (*names, NOT_UNDERSTOOD)))  # noqa: T201
    assert right >= LEAST_RIGHT
    assert wrong <= MOST_WRONG


@pytest.mark.parametrize("matter", MATTERS)
def test_a_key_decides_whatever_is_said(matter: object) -> None:
    assert isinstance(matter, type(OPERATOR))
    heard = recognise("我要投诉", matter.key, MATTERS, "en")
    assert heard is not None
    assert (heard.matter, heard.lang) == (matter, "en")


@pytest.mark.parametrize("said", ["", "   ", "嗯", "hello", "12345", "！？"])
def test_what_says_nothing_is_not_understood(said: str) -> None:
    assert recognise(said, "", MATTERS, "zh") is None


def test_two_matters_said_equally_are_asked_about_again() -> None:
    assert recognise("账单 投诉", "", MATTERS, "zh") is None


def test_a_key_that_is_on_no_menu_is_not_understood() -> None:
    assert recognise("", "7", MATTERS, "zh") is None


def test_the_caller_is_answered_in_the_language_he_spoke() -> None:
    zh, en = recognise("查账单", "", MATTERS, "en"), recognise("ＭＹ ＢＩＬＬ", "", MATTERS, "zh")
    assert zh is not None
    assert en is not None
    assert (zh.lang, en.lang) == ("zh", "en")


def test_an_english_word_inside_another_is_not_heard() -> None:
    assert recognise("thrill", "", MATTERS, "en") is None


def test_each_matter_has_a_key_of_its_own() -> None:
    assert len({matter.key for matter in MATTERS}) == len(MATTERS)
