"""The small company of the design desk: what its configuration and its tickets look like."""

import time
import uuid
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


def now_ms() -> int:
    return int(time.time() * 1000)


def title(zh: str, en: str) -> Json:
    return {"x-zh": zh, "x-en": en}


def choice(const: str, zh: str, en: str) -> Json:
    return {"const": const, **title(zh, en)}


COMPANY = {"zh": "云杉宽带", "en": "Spruce Broadband"}

MATTERS: list[Json] = [
    {
        "id": "outage",
        "zh": "宽带断线",
        "en": "Broadband is down",
        "queue": "broadband",
        "hint": {"zh": "上不了网、网速慢", "en": "No internet, slow internet"},
        "wait_seconds": 180,
    },
    {
        "id": "billing",
        "zh": "账单与费用",
        "en": "Bills and charges",
        "queue": "billing",
        "hint": {"zh": "扣费疑问、发票", "en": "Charges, invoices"},
        "wait_seconds": 60,
    },
    {
        "id": "move",
        "zh": "装机与移机",
        "en": "Installation and moving",
        "queue": "service",
        "hint": {"zh": "预约、改期", "en": "Book, change a date"},
        "wait_seconds": 0,
    },
    {
        "id": "plan",
        "zh": "套餐变更",
        "en": "Change of plan",
        "queue": "service",
        "hint": {"zh": "升级、降档、续约", "en": "Upgrade, downgrade, renew"},
        "wait_seconds": 0,
    },
    {
        "id": "complaint",
        "zh": "投诉与建议",
        "en": "Complaints and ideas",
        "queue": "service",
        "hint": {"zh": "由专人跟进", "en": "Followed up by one person"},
        "wait_seconds": 120,
    },
]

for each in MATTERS:
    each |= {"hours": "office", "callback": True, "line": ""}

WEEK = [
    {"day": day, "start": start, "end": end}
    for day in range(5)
    for start, end in (("09:00", "12:00"), ("13:30", "18:00"))
] + [{"day": 5, "start": "10:00", "end": "16:00"}]


def hours(days: int, clock: str, *, is_open: bool) -> Json:
    """Opening times that change so many days from now, at that time."""
    zone = ZoneInfo("Asia/Shanghai")
    today = datetime.now(zone).date()
    changes = datetime.combine(today + timedelta(days), time_of_day.fromisoformat(clock), zone)
    feast = today + timedelta(5)
    return {
        "id": "office",
        "zone": "Asia/Shanghai",
        "open": is_open,
        "changes_at": round(changes.timestamp() * 1000),
        "week": WEEK,
        "days": [{"date": feast.isoformat(), "zh": "元旦", "en": "New Year's Day", "start": "", "end": ""}],
    }


SCHEMA: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["account", "fault", "scope", "visit", "notes"],
    "properties": {
        "account": {"type": "string", "maxLength": 32, **title("宽带账号", "Account")},
        "fault": {
            "oneOf": [
                choice("los", "光路中断（LOS 告警）", "Fibre down (LOS)"),
                choice("slow", "网速不达标", "Slow"),
                choice("wifi", "室内 Wi-Fi", "Wi-Fi indoors"),
                choice("other", "其他", "Other"),
            ],
            **title("故障类型", "Fault"),
        },
        "began": {"type": "string", "format": "date-time", **title("故障开始时间", "Since")},
        "scope": {
            "oneOf": [choice("all", "全屋断网", "Everything"), choice("some", "部分设备", "Some devices")],
            **title("影响范围", "Affected"),
        },
        "visit": {
            "oneOf": [
                choice("am", "明天 09:00–11:00", "Tomorrow 09–11"),
                choice("noon", "明天 11:00–14:00", "Tomorrow 11–14"),
                choice("pm", "明天 14:00–17:00", "Tomorrow 14–17"),
                choice("eve", "明天 17:00–19:00", "Tomorrow 17–19"),
            ],
            "x-hint-zh": "和客户确认后再选",
            "x-hint-en": "Agree on it with the customer first",
            **title("上门时段", "Visit"),
        },
        "callback": {
            "type": "string",
            "maxLength": 20,
            "x-hint-zh": "工程师上门前 30 分钟联系",
            "x-hint-en": "The engineer calls 30 minutes before",
            **title("联系电话", "Contact number"),
        },
        "address": {"type": "string", "maxLength": 160, **title("安装地址", "Address")},
        "reference": {"type": "string", "maxLength": 40, **title("关联工单", "Related ticket")},
        "notes": {"type": "string", "maxLength": 500, **title("备注", "Notes")},
    },
}

CONFIG: Json = {
    "company": COMPANY,
    "queues": [
        {"id": "broadband", "zh": "宽带", "en": "Broadband"},
        {"id": "billing", "zh": "账单", "en": "Billing"},
        {"id": "service", "zh": "业务", "en": "Service"},
    ],
    "matters": [{key: matter[key] for key in ("id", "zh", "en", "queue")} for matter in MATTERS],
    "reasons": ["break", "training", "missed", "other"],
    "wrap_up_codes": [
        {"id": "solved", "zh": "已解决", "en": "Solved"},
        {"id": "follow_up", "zh": "需跟进", "en": "Follow up"},
        {"id": "transferred", "zh": "已转交", "en": "Passed on"},
        {"id": "dropped", "zh": "中途断开", "en": "Dropped"},
    ],
    "ticket_schema": SCHEMA,
}

FILLED: Json = {
    "account": "0216****0001",
    "fault": "los",
    "began": "2026-11-20T20:30",
    "scope": "all",
    "callback": "138****8001",
    "address": "浦东新区****路 **弄 12 号 ***室",
    "notes": "客户一周内第三次断线，前两次远程恢复后复发；家中有老人需视频问诊，希望尽快上门根治。",
}


def targets() -> Json:
    """Where a call may go on to this morning."""
    at = now_ms()
    counts = {"broadband": (3, 0, 240), "billing": (1, 1, 60), "service": (0, 2, 0)}
    free = [("周宁", "service", 412), ("陈曦", "billing", 188), ("Omar Reyes", "service", 35)]
    return {
        "queues": [
            {
                **queue,
                "waiting": counts[queue["id"]][0],
                "free": counts[queue["id"]][1],
                "wait_seconds": counts[queue["id"]][2],
            }
            for queue in CONFIG["queues"]
        ],
        "agents": [
            {"id": f"agent-{index}", "name": name, "queue": queue, "idle_since": at - seconds * 1000}
            for index, (name, queue, seconds) in enumerate(free, 1002)
        ],
    }


def missing(fields: Json) -> list[str]:
    return [name for name in SCHEMA["required"] if fields.get(name) in (None, "")]


def new_ticket(matter: str, fields: Json, state: str = "draft", minutes_ago: float = 0) -> Json:
    at = now_ms() - int(minutes_ago * 60_000)
    history = [{"at": at - 90_000, "what": "opened"}, {"at": at, "what": "saved"}]
    if state == "submitted":
        history.append({"at": at, "what": "submitted"})
    return {
        "id": str(uuid.uuid4()),
        "contact": str(uuid.uuid4()),
        "state": state,
        "matter": matter,
        "owner": "agent-1001",
        "fields": dict(fields),
        "version": 3,
        "opened_at": at - 90_000,
        "updated_at": at,
        "missing": missing(fields),
        "message_ms": 0,
        "history": history,
    }


def message_tickets() -> list[Json]:
    """What callers spoke last night."""
    left = [("outage", "broadband", 640, 23_400), ("billing", "billing", 512, 8_100), ("", "broadband", 14, 61_000)]
    made = []
    for matter, queue, ago, length in left:
        ticket = new_ticket(matter or "outage", {}, "unattended", ago)
        made.append(ticket | {"matter": matter, "queue": queue, "message_ms": length, "left_at": ticket["updated_at"]})
    return made


def tickets() -> list[Json]:
    """What an agent's morning leaves behind."""
    kept = {key: FILLED[key] for key in ("account", "scope")}
    almost = {**FILLED, "visit": "am", "notes": ""}
    rows = [
        ("billing", almost, 6),
        ("plan", kept, 18),
        ("move", {**kept, "fault": "other"}, 25),
        ("outage", almost, 32),
        ("complaint", kept, 71),
        ("billing", {**FILLED, "visit": "pm"}, 96),
    ]
    done = [("outage", 140), ("move", 188), ("billing", 1600), ("plan", 4300)]
    return [new_ticket(matter, fields, minutes_ago=ago) for matter, fields, ago in rows] + [
        new_ticket(matter, {**FILLED, "visit": "am"}, "submitted", ago) for matter, ago in done
    ]
