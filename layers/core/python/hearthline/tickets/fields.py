"""The fields of a ticket: one JSON Schema (draft 2020-12) a matter, with titles in both languages.

``x-zh``/``x-en`` are titles; ``x-matters`` names the matters a field belongs to (all without it); ``x-required-for``
those that cannot be submitted without it. Patterns stay within what Python and ECMAScript both understand.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hearthline.tickets.model import FieldInvalidError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MAX_FIELDS_BYTES: Final = 12_000


def _text(zh: str, en: str, longest: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "x-zh": zh, "x-en": en, "maxLength": longest, **more}


def _choice(zh: str, en: str, options: dict[str, tuple[str, str]], **more: Any) -> dict[str, Any]:
    labels = [{"const": id, "x-zh": names[0], "x-en": names[1]} for id, names in options.items()]
    return {"type": "string", "x-zh": zh, "x-en": en, "oneOf": labels, **more}


OUTAGE: Final = {"x-matters": ["outage"]}
WHEN: Final = (
    r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
"""A moment with its zone (RFC 3339), as the form's date field sends it."""

# In the order of the form: who and where, what is wrong, what the customer said, how it ended.
PROPERTIES: Final[dict[str, dict[str, Any]]] = {
    "account": _text("宽带账号", "Account", 32, pattern=r"^[A-Za-z0-9-]{1,32}$"),
    "light": _choice(
        "光猫指示灯",
        "Light of the modem",
        {"normal": ("正常", "normal"), "red": ("红灯闪烁", "red, blinking"), "off": ("不亮", "off")},
        **OUTAGE,
        **{"x-required-for": ["outage"]},
    ),
    "began": _text("故障开始时间", "Since", 35, format="date-time", pattern=WHEN, **OUTAGE),
    "scope": _choice(
        "影响范围", "Affected", {"all": ("全屋断网", "everything"), "some": ("部分设备", "some devices")}, **OUTAGE
    ),
    "customer_name": _text("客户姓名", "Customer's name", 64),
    "contact_number": _text("联系电话", "Number to reach the customer", 20, pattern=r"^[0-9+() -]{3,20}$"),
    "address": _text(
        "装机地址", "Address of the line", 160, **{"x-matters": ["outage", "move"], "x-required-for": ["outage"]}
    ),
    "billing_month": _text(
        "账期", "Month of the bill", 7, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", **{"x-matters": ["billing"]}
    ),
    "amount": {
        "type": "number",
        "x-zh": "争议金额（元）",
        "x-en": "Amount in dispute (yuan)",
        "minimum": 0,
        "maximum": 1_000_000,
        "x-matters": ["billing"],
    },
    "new_address": _text("新地址", "New address", 160, **{"x-matters": ["move"], "x-required-for": ["move"]}),
    "visit_date": _text(
        "上门日期", "Date of the visit", 10, pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$", **{"x-matters": ["move"]}
    ),
    "new_plan": _text("目标套餐", "Plan wanted", 64, **{"x-matters": ["plan"], "x-required-for": ["plan"]}),
    "expectation": _text(
        "客户诉求", "What the customer expects", 500, **{"x-matters": ["complaint"], "x-required-for": ["complaint"]}
    ),
    "outcome": _choice(
        "处理结果",
        "Outcome",
        {
            "resolved": ("已解决", "resolved"),
            "follow_up": ("需跟进", "to be followed up"),
            "visit": ("需上门", "needs a visit"),
            "not_resolved": ("未解决", "not resolved"),
        },
    ),
    "summary": _text("问题描述", "What it is about", 1000, minLength=1),
}
REQUIRED: Final = ("summary", "outcome")


@cache
def whole_schema() -> dict[str, Any]:
    """All fields of all matters: what a form is drawn from."""
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "properties": PROPERTIES,
        "required": list(REQUIRED),
    }


@cache
def schema_for(matter: str) -> dict[str, Any]:
    """The fields of one matter; one nobody knows has the common ones."""
    own = {name: rule for name, rule in PROPERTIES.items() if matter in rule.get("x-matters", [matter])}
    required = [name for name, rule in own.items() if name in REQUIRED or matter in rule.get("x-required-for", [])]
    return whole_schema() | {"properties": own, "required": required}


def check_fields(matter: str, fields: Mapping[str, Any]) -> None:
    """What a draft may hold: every field known and well-formed, none required yet. Raises FieldInvalidError."""
    for error in _validator(matter).iter_errors(dict(fields)):
        if error.validator == "additionalProperties":
            unknown = sorted(set(fields) - set(schema_for(matter)["properties"]))
            raise FieldInvalidError(unknown[0])
        raise FieldInvalidError(str(error.absolute_path[0]) if error.absolute_path else "fields")


@cache
def _validator(matter: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema_for(matter) | {"required": []})
