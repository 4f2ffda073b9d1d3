"""The templates as plain data, and the questions the tests ask them."""

from collections.abc import Iterator
from typing import Any

from local.deploy import CODE, INFRA, MEDIA
from local.places import ROOT
from local.template import load

__all__ = [
    "ROOT",
    "functions",
    "infra",
    "media",
    "of_type",
    "queue_name",
    "queue_readers",
    "rule_targets",
    "sam",
    "statements",
]

infra: dict[str, Any] = load(INFRA)["Resources"]
media: dict[str, Any] = load(MEDIA)
sam: dict[str, Any] = load(CODE)["Resources"]
GLOBALS: dict[str, Any] = load(CODE)["Globals"]["Function"]


def of_type(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Logical id -> properties of every resource of one type."""
    return {name: each.get("Properties", {}) for name, each in resources.items() if each["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    """Folder -> properties, with the global ones beneath."""
    found = of_type(sam, "AWS::Serverless::Function")
    return {each["CodeUri"].removeprefix("functions/"): {**GLOBALS, **each} for each in found.values()}


def queue_name(properties: dict[str, Any]) -> str:
    """The queue's own name, without the stack's."""
    return str(properties["QueueName"]["Fn::Sub"]).removeprefix("hearthline-${Tenant}-")


def queue_readers() -> dict[str, list[str]]:
    """Queue -> folders of the functions it triggers."""
    readers: dict[str, list[str]] = {}
    for folder, properties in functions().items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                name = event["Properties"]["Queue"]["Fn::Sub"].rsplit("hearthline-${Tenant}-", 1)[1]
                readers.setdefault(name, []).append(folder)
    return readers


def rule_targets() -> dict[str, set[str]]:
    """Event type -> the queues its rules send it to."""
    queues = of_type(infra, "AWS::SQS::Queue")
    found: dict[str, set[str]] = {}
    for rule in of_type(infra, "AWS::Events::Rule").values():
        for kind in rule["EventPattern"]["detail-type"]:
            for target in rule["Targets"]:
                logical = target["Arn"]["Fn::GetAtt"][0]
                found.setdefault(kind, set()).add(queue_name(queues[logical]))
    return found


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each statement of a role's policies, actions and resources as lists."""
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield {
                **statement,
                "Action": _as_list(statement["Action"]),
                "Resource": _as_list(statement["Resource"]),
            }


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
