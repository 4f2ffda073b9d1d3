"""Why this agent: the codes of routing in words, with the facts of this agent and this contact."""

from collections.abc import Iterable
from typing import Final

from chalicelib.shapes import Bilingual
from hearthline.floor.model import Agent, Contact, Offer

LANGUAGES: Final = {"zh": Bilingual(zh="中文", en="Chinese"), "en": Bilingual(zh="英语", en="English")}
SUBJECT: Final = Bilingual(zh="业务等级", en="Level in the queue")
FEATURES: Final = {
    "skill": Bilingual(zh="技能", en="Skill"),
    "idle": Bilingual(zh="空闲时间", en="Time free"),
    "load": Bilingual(zh="今日负荷", en="Load today"),
    "performance": Bilingual(zh="同类问题解决率", en="Resolution of this matter"),
    "difficulty": Bilingual(zh="难度与经验匹配", en="Difficulty and experience"),
    "last_agent": Bilingual(zh="上次服务坐席", en="Served this customer last"),
    "recently_online": Bilingual(zh="最近上线", en="Most recently online"),
    "satisfaction": Bilingual(zh="满意度", en="Satisfaction"),
    "open_tickets": Bilingual(zh="未结工单", en="Open tickets"),
    "proximity": Bilingual(zh="网络距离", en="Network distance"),
}
"""What routing weighs, as people read it."""


def reasons(agent: Agent, offer: Offer, contact: Contact) -> list[Bilingual]:
    """What routing chose by, best first; a code that nobody has words for is left out."""
    language, level = LANGUAGES[contact.lang], agent.skills.get(contact.lang, 0)
    idle = max(0, offer.opened_at - agent.idle_since) // 1000 if agent.idle_since else 0
    subject = agent.queues.get(contact.queue, 0)
    words = {
        "speaks_language": Bilingual(zh=f"{language.zh} {level} 级", en=f"{language.en}, level {level}"),
        "knows_subject": Bilingual(zh=f"业务 {subject} 级", en=f"Subject, level {subject}"),
        "idle_longest": Bilingual(zh=f"空闲最久，{idle} 秒", en=f"Free the longest, {idle} s"),
        "only_one_free": Bilingual(zh=f"此刻只有您合适，{idle} 秒", en=f"The only one who can, {idle} s"),
        "asked_less": Bilingual(zh="等候已久，条件放宽", en="Waited long: less is asked"),
        "asked_by_name": Bilingual(zh="点名转给您", en="Transferred to you by name"),
        "best_skill": Bilingual(zh="技能最匹配", en="Skills fit best"),
        "best_load": Bilingual(zh="今日通话较少", en="Had less to do today"),
        "best_performance": Bilingual(zh="擅长此类问题", en="Good at this matter"),
        "best_difficulty": Bilingual(zh="难度与经验相符", en="As hard as your experience"),
        "best_last_agent": Bilingual(zh="上次由您服务", en="You served this customer last"),
        "best_recently_online": Bilingual(zh="刚刚上线", en="Most recently online"),
    }
    return [words[code] for code in offer.why if code in words]


def named(features: Iterable[str]) -> dict[str, Bilingual]:
    """Words for features of a trace."""
    return {name: FEATURES[name] for name in features if name in FEATURES}
