"""infra/media.yaml fits the edge: what it is told, what it may do, how it grows, and how long it has to end."""

from typing import Any

import pytest

from local.deploy import INFRA
from local.template import load
from media_edge.cloud import leaving, names
from media_edge.cloud import load as figures
from media_edge.cloud.keeper import LOOK_SECONDS, RENEW_SECONDS
from media_edge.cloud.place import DERIVED, CloudSettings
from media_edge.cloud.task import PROTECTED_MINUTES
from media_edge.server import TICK_SECONDS, UPLOAD_SECONDS
from media_edge.settings import Settings
from tests.architecture.templates import media, of_type, statements

RESOURCES: dict[str, Any] = media["Resources"]
TASK = RESOURCES["EdgeTask"]["Properties"]
EDGE = TASK["ContainerDefinitions"][0]
TOLD = {each["Name"]: each["Value"] for each in EDGE["Environment"]}
BY_ECS = {"ECS_CONTAINER_METADATA_URI_V4", "ECS_AGENT_URI"}
NO_NARROWER = {"ecr:GetAuthorizationToken", "ec2:DescribeNetworkInterfaces", "ecs:ListTasks"}
"""Actions for which AWS knows no resource; the last has its cluster as a condition."""


def secrets() -> set[str]:
    return {each["Name"] if "Name" in each else each["Fn::If"][1]["Name"] for each in EDGE["Secrets"]}


def given() -> set[str]:
    return set(TOLD) | secrets()


def test_the_template_tells_the_edge_nothing_that_it_does_not_read() -> None:
    assert given() <= set(Settings.model_fields) | set(CloudSettings.model_fields)


def test_what_the_edge_must_know_comes_from_the_template_from_ecs_or_from_itself() -> None:
    models: list[Any] = [Settings, CloudSettings]
    needed = {name for model in models for name, field in model.model_fields.items() if field.is_required()}
    assert needed <= given() | DERIVED | BY_ECS
    assert not given() & DERIVED
    assert set(Settings.model_fields) >= DERIVED


def test_what_is_secret_stands_in_no_environment() -> None:
    hidden = {name for name, field in Settings.model_fields.items() if not field.repr}
    assert hidden == secrets()


def test_its_parameters_are_what_the_first_stack_puts_out() -> None:
    outputs = load(INFRA)["Outputs"]
    asked = [name for name, each in media["Parameters"].items() if set(each) == {"Type"}]
    assert len(asked) > 5
    assert set(asked) <= set(outputs)


def test_its_ports_are_open_to_both_families_and_no_other_is() -> None:
    door = RESOURCES["EdgeDoor"]["Properties"]
    opened = {
        (r["IpProtocol"], str(r["FromPort"]), r.get("CidrIp") or r["CidrIpv6"]) for r in door["SecurityGroupIngress"]
    }
    ports = {("tcp", TOLD["EDGE_PORT"]), ("udp", str(TOLD["EDGE_UDP_PORT"]))}
    assert opened == {(kind, port, everybody) for kind, port in ports for everybody in ("0.0.0.0/0", "::/0")}
    assert {(m["Protocol"], str(m["ContainerPort"])) for m in EDGE["PortMappings"]} == ports


def test_the_udp_of_the_edges_is_not_tracked_in_either_family() -> None:
    """Both directions must be open to all for that."""
    out = RESOURCES["EdgeDoor"]["Properties"]["SecurityGroupEgress"]
    free = {
        r.get("CidrIp") or r["CidrIpv6"]
        for r in out
        if (r["IpProtocol"], r["FromPort"], r["ToPort"]) == ("udp", 0, 65535)
    }
    assert free == {"0.0.0.0/0", "::/0"}


def test_a_drained_edge_has_time_to_deliver_before_it_is_killed() -> None:
    assert float(TOLD["EDGE_DRAIN_SECONDS"]) + UPLOAD_SECONDS < EDGE["StopTimeout"] <= 120  # Fargate's most


def test_the_protection_is_renewed_long_before_it_ends() -> None:
    assert 2 * (RENEW_SECONDS + LOOK_SECONDS) < PROTECTED_MINUTES * 60
    assert leaving.LOOKS * LOOK_SECONDS < 60


def test_the_service_grows_by_a_figure_that_the_edge_tells() -> None:
    tracked = RESOURCES["EdgeFollowsCalls"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    followed = tracked["CustomizedMetricSpecification"]
    alarms = of_type(RESOURCES, "AWS::CloudWatch::Alarm").values()
    for told in (followed, *alarms):
        assert told["Namespace"] == figures.NAMESPACE
        assert told["MetricName"] in figures.UNITS
        assert [each["Name"] for each in told["Dimensions"]] == ["service"]
    assert followed["Unit"] == figures.UNITS[followed["MetricName"]]
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopicArn"}] for each in alarms)


def test_the_alarm_of_late_ticks_means_one_of_a_hundred() -> None:
    assert RESOURCES["EdgesLateAlarm"]["Properties"]["Threshold"] == LOOK_SECONDS / TICK_SECONDS / 100


@pytest.mark.parametrize("role", sorted(of_type(RESOURCES, "AWS::IAM::Role")))
def test_a_role_names_its_actions_one_by_one_and_its_resources_as_narrowly_as_they_go(role: str) -> None:
    properties = RESOURCES[role]["Properties"]
    assert "ManagedPolicyArns" not in properties
    for statement in statements(properties):
        assert not [action for action in statement["Action"] if "*" in action]
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) <= NO_NARROWER


def test_an_edge_may_name_itself_and_nothing_else_in_the_zone() -> None:
    (change,) = [
        each
        for each in statements(RESOURCES["EdgeRole"]["Properties"])
        if "route53:ChangeResourceRecordSets" in each["Action"]
    ]
    likes = change["Condition"]["ForAllValues:StringLike"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"]
    assert likes == {"Fn::Sub": f"{names.PREFIX}*.${{EdgeDomain}}"}
    kinds = change["Condition"]["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsRecordTypes"]
    assert tuple(kinds) == names.KINDS


def test_the_container_is_nobody_and_writes_nowhere() -> None:
    assert EDGE["User"] == "10001"
    assert EDGE["ReadonlyRootFilesystem"] is True
    assert EDGE["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert EDGE["LogConfiguration"]["Options"]["mode"] == "non-blocking"
