"""A small company on the local engine: what customers call about, six agents, a supervisor, an administrator."""

import secrets
from collections.abc import Iterator
from typing import Any, Final, Literal

from hearthline.callflow.publishing import publish
from hearthline.config.model import Bilingual, Choice, Config, Matter, Queue, Skill
from hearthline.config.store import NeverPublishedError, in_force
from hearthline.floor.store import Floor
from hearthline.people.model import Role
from hearthline.people.store import add_person
from hearthline.platform.bus import EventBridge
from hearthline.platform.clock import SystemClock, SystemIds
from hearthline.platform.effects import Effects
from hearthline.platform.objects import S3Objects
from hearthline.platform.push import GatewayPush
from hearthline.platform.queue import SqsQueue
from hearthline.platform.seal import KmsKeys, Sealer
from hearthline.platform.settings import Settings
from hearthline.platform.store_dynamo import DynamoStore
from local.deploy import Account, Deployment
from local.engine import Engine

COMPANY: Final = Config(
    company=Bilingual("云杉宽带", "Spruce Broadband"),
    queues=(
        Queue("broadband", "宽带", "Broadband"),
        Queue("billing", "账务", "Billing"),
        Queue("service", "业务", "Service"),
    ),
    matters=(
        Matter(
            "outage",
            "宽带断线",
            "No internet",
            Bilingual("上不了网、掉线、光猫红灯", "Offline, dropping, red light on the modem"),
            "1",
            "broadband",
        ),
        Matter(
            "billing",
            "账单与费用",
            "Bills and charges",
            Bilingual("账单、扣费、发票、退款", "Bills, charges, invoices, refunds"),
            "2",
            "billing",
        ),
        Matter(
            "move",
            "装机与移机",
            "Installation and moving",
            Bilingual("新装、搬家、改地址", "New line, moving house, new address"),
            "3",
            "service",
        ),
        Matter(
            "plan",
            "套餐变更",
            "Change of plan",
            Bilingual("升级、降级、续约", "Upgrade, downgrade, renewal"),
            "4",
            "service",
        ),
        Matter(
            "complaint",
            "投诉与建议",
            "Complaints and suggestions",
            Bilingual("对服务不满意，或有建议", "Unhappy with us, or an idea for us"),
            "5",
            "service",
        ),
        Matter("other", "其他问题", "Something else", Bilingual("转人工服务", "Talk to a person"), "0", "service"),
    ),
    reasons=(
        Choice("break", "休息", "Break"),
        Choice("training", "培训", "Training"),
        Choice("missed", "漏接", "Missed a call"),
        Choice("other", "其他", "Other"),
    ),
    wrap_up_codes=(
        Choice("resolved", "已解决", "Resolved", solved=True),
        Choice("follow_up", "需跟进", "To be followed up", solved=False),
        Choice("dispatched", "已派单上门", "Technician sent"),
        Choice("transferred", "转其他部门", "Passed to another team", solved=False),
        Choice("wrong_number", "误拨", "Wrong number"),
    ),
    skills=(
        Skill("fiber", "光纤排障", "Fibre faults"),
        Skill("retention", "挽留", "Retention"),
        Skill("senior", "高级处理", "Senior cases"),
    ),
)

Levels = dict[str, int]
AGENTS: Final[tuple[tuple[str, str, Levels, Levels], ...]] = (
    ("1001", "林晓彤", {"broadband": 5, "service": 3}, {"zh": 5, "en": 3, "fiber": 4, "senior": 3}),
    ("1002", "周子墨", {"broadband": 4, "billing": 2}, {"zh": 5, "en": 0, "fiber": 3}),
    ("1003", "陈雨桐", {"billing": 5, "service": 3}, {"zh": 4, "en": 5}),
    ("1004", "吴思远", {"billing": 3, "broadband": 2}, {"zh": 5, "en": 2}),
    ("1005", "赵一诺", {"service": 5, "billing": 2}, {"zh": 4, "en": 4, "retention": 4, "senior": 2}),
    ("1006", "孙嘉禾", {"broadband": 3, "billing": 3, "service": 3}, {"zh": 3, "en": 5}),
)
MOST_AGENTS: Final = 200
"""Log-ins from 1001 on; a laptop bears no more."""
OTHERS: Final[tuple[tuple[str, str, Role], ...]] = (("2001", "何静", "supervisor"), ("9001", "许文博", "admin"))


def seed(engine: Engine, made: Deployment, tenant: str, public: str, agents: int = 0) -> list[dict[str, str]]:
    """The log-ins, with passwords made for this run; a second run replaces them and changes nothing else.

    ``agents``: as many as that where the small company has fewer.
    """
    return populate(_effects(Account(engine.url), made, tenant, public), agents)


def populate(effects: Effects, agents: int = 0) -> list[dict[str, str]]:
    """The company and its people in these effects; what an administrator changed since is left as it is."""
    floor = Floor(effects)
    try:
        in_force(effects)
    except NeverPublishedError:
        publish(effects, COMPANY)
    users = []
    for login, name, queues, skills in (*AGENTS, *_newcomers(min(agents, MOST_AGENTS) - len(AGENTS))):
        lang: Literal["zh", "en"] = "en" if skills["en"] > skills["zh"] else "zh"
        user = _user(effects, login, name, "agent", lang)
        if floor.agent(user["id"]) is None:
            floor.enlist(user["id"], queues=queues, skills=skills)
        users.append(user)
    return users + [_user(effects, login, name, role) for login, name, role in OTHERS]


def _newcomers(count: int) -> Iterator[tuple[str, str, Levels, Levels]]:
    """More of the same: each can what one of the first six can."""
    for n in range(max(0, count)):
        _, _, queues, skills = AGENTS[n % len(AGENTS)]
        login = str(int(AGENTS[-1][0]) + 1 + n)
        yield login, f"坐席{login}", queues, skills


def _user(effects: Effects, login: str, name: str, role: Role, lang: Literal["zh", "en"] = "zh") -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    person = add_person(effects, login=login, password=password, name=name, role=role, lang=lang)
    return {"id": person.id, "login": login, "password": password, "role": role, "totp": ""}


def _effects(account: Account, made: Deployment, tenant: str, public: str) -> Effects:
    infra = made.infra
    here = Settings(
        tenant=tenant,
        stack_id=infra["StackUuid"],
        table_prefix=f"hearthline-{tenant}",
        queue_url_prefix=infra["QueueUrlPrefix"],
        seal_key_id=infra["SealKeyArn"],
        index_key_id=infra["IndexKeyArn"],
        bus_name=infra["BusName"],
        public_url=public,
    )
    return Effects(
        settings=here,
        store=DynamoStore(account.client("dynamodb"), here.table_prefix),
        queue=SqsQueue(lambda: account.client("sqs"), here.queue_url_prefix),
        push=GatewayPush(lambda: account.client("apigatewaymanagementapi")),
        bus=EventBridge(lambda: account.client("events"), here.bus_name),
        objects=S3Objects(lambda: account.client("s3"), infra["RecordingsBucket"]),
        clock=SystemClock(),
        ids=SystemIds(),
        sealer=Sealer(tenant, KmsKeys(account.client("kms"), here.seal_key_id, here.index_key_id)),
        secret=dict[str, dict[str, Any]]().__getitem__,
    )
