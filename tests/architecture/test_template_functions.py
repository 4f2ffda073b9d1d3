"""Each function is in the template, runs under a role of its own, and may do only what it needs."""

import ast
import re

import pytest

from tests.architecture.templates import ROOT, functions, infra, of_type, queue_name, sam, statements

FUNCTIONS = functions()
ROLES = of_type(sam, "AWS::IAM::Role")
# Actions for which AWS knows no resource.
NO_NARROWER = {"dynamodb:ListStreams"}
READ = {"GetItem", "Query"}
LONG = {"try_policy": 900}
"""Seconds; whoever waits for these looks in again later."""


def role_of(folder: str) -> str:
    return str(FUNCTIONS[folder]["Role"]["Fn::GetAtt"][0])


def test_the_template_has_exactly_the_functions_that_have_a_folder() -> None:
    folders = {each.parent.name for each in (ROOT / "functions").glob("*/app.py")}
    assert set(FUNCTIONS) == folders


def test_each_function_has_a_role_of_its_own() -> None:
    roles = [role_of(folder) for folder in FUNCTIONS]
    assert len(set(roles)) == len(roles)
    assert set(roles) == set(ROLES)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_names_its_actions_one_by_one_and_its_resources_as_narrowly_as_they_go(role: str) -> None:
    assert "ManagedPolicyArns" not in ROLES[role]
    for statement in statements(ROLES[role]):
        assert not [action for action in statement["Action"] if "*" in action]
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) <= NO_NARROWER


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nobody_may_change_or_remove_what_stands_in_the_ledger_or_the_audit(role: str) -> None:
    for statement in statements(ROLES[role]):
        named = " ".join(str(resource) for resource in statement["Resource"])
        if re.search(r"-(ledger|audit)'", named) and "table/" in named:
            assert not {"dynamodb:UpdateItem", "dynamodb:DeleteItem"} & set(statement["Action"])


@pytest.mark.parametrize("folder", sorted(FUNCTIONS))
def test_a_function_may_send_to_every_queue_it_names(folder: str) -> None:
    allowed = {
        resource["Fn::Sub"].rsplit("hearthline-${Tenant}-", 1)[1]
        for statement in statements(ROLES[role_of(folder)])
        if "sqs:SendMessage" in statement["Action"]
        for resource in statement["Resource"]
    }
    assert named_queues(folder) <= allowed
    assert allowed <= {queue_name(each) for each in of_type(infra, "AWS::SQS::Queue").values()}


def named_queues(folder: str) -> set[str]:
    """Queues that a function's own code sends to by name."""
    found = set()
    for path in (ROOT / "functions" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(attr="send"), args=[ast.Constant(value=str(queue)), *_]):
                    found.add(queue)
    return found


@pytest.mark.parametrize("folder", sorted(FUNCTIONS))
def test_a_function_has_a_bound_on_its_time_and_number_and_its_log_an_end(folder: str) -> None:
    properties = FUNCTIONS[folder]
    assert 1 <= properties["Timeout"] <= LONG.get(folder, 60)
    assert properties["ReservedConcurrentExecutions"] >= 1
    log = of_type(sam, "AWS::Logs::LogGroup")[properties["LoggingConfig"]["LogGroup"]["Ref"]]
    assert log["RetentionInDays"] == {"Ref": "LogDays"}
    assert log["LogGroupName"]["Fn::Sub"] == f"/aws/lambda/hearthline-${{Tenant}}-{folder}"


def test_each_table_is_encrypted_and_can_be_restored_and_survives_its_stack() -> None:
    for name, properties in of_type(infra, "AWS::DynamoDB::Table").items():
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert properties["SSESpecification"]["SSEType"] == "KMS"
        assert infra[name]["DeletionPolicy"] == "Retain"
