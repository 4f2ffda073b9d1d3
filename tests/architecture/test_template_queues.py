"""What is sent is read, what cannot be read is found, what waits too long is told."""

from typing import Any

import pytest

from hearthline.events.all import WORDS
from hearthline.platform.nudge import BY_BUS_ALONE, READERS
from hearthline.platform.queue import QUEUES as QUEUE_NAMES
from tests.architecture.templates import ROOT, functions, infra, of_type, queue_name, queue_readers, rule_targets, sam

QUEUES = of_type(infra, "AWS::SQS::Queue")
WORKING = {queue_name(each): (logical, each) for logical, each in QUEUES.items() if "RedrivePolicy" in each}
DEAD = {queue_name(each): logical for logical, each in QUEUES.items() if "RedrivePolicy" not in each}
ALARMS = of_type(infra, "AWS::CloudWatch::Alarm")
RULES = of_type(infra, "AWS::Events::Rule")


def alarmed(logical: str, metric: str) -> bool:
    return any(
        alarm["MetricName"] == metric
        and alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [logical, "QueueName"]}}]
        and alarm["AlarmActions"]
        for alarm in ALARMS.values()
    )


@pytest.mark.parametrize("name", sorted(WORKING))
def test_every_queue_has_exactly_one_reader(name: str) -> None:
    assert len(queue_readers().get(name, [])) == 1


def test_the_code_knows_the_queues_that_there_are() -> None:
    assert set(WORKING) == QUEUE_NAMES


def test_no_function_reads_a_queue_that_does_not_exist() -> None:
    assert set(queue_readers()) == set(WORKING)


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_message_that_cannot_be_handled_ends_in_the_dead_letters_of_its_queue(name: str) -> None:
    _, properties = WORKING[name]
    policy = properties["RedrivePolicy"]
    assert policy["maxReceiveCount"] == 5
    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": [DEAD[f"{name}-dead"], "Arn"]}


@pytest.mark.parametrize("name", sorted(DEAD))
def test_a_single_dead_letter_raises_an_alarm(name: str) -> None:
    assert alarmed(DEAD[name], "ApproximateNumberOfMessagesVisible")


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_queue_that_falls_behind_raises_an_alarm(name: str) -> None:
    assert alarmed(WORKING[name][0], "ApproximateAgeOfOldestMessage")


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_message_stays_hidden_six_times_as_long_as_its_reader_may_run(name: str) -> None:
    [reader] = queue_readers()[name]
    assert WORKING[name][1]["VisibilityTimeout"] >= 6 * functions()[reader]["Timeout"]


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_reader_fails_single_messages_and_never_the_batch(name: str) -> None:
    [reader] = queue_readers()[name]
    [event] = [each for each in functions()[reader]["Events"].values() if each["Type"] == "SQS"]
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_waits_for_an_event_that_exists(rule: str) -> None:
    pattern = RULES[rule]["EventPattern"]
    assert pattern["source"] == ["hearthline"]
    assert set(pattern["detail-type"]) <= set(WORDS)


def test_the_bus_sends_each_event_to_those_the_nudge_names_and_to_those_nobody_waits_for() -> None:
    nudged = {kind: {queue for queue, _ in readers} for kind, readers in READERS.items()}
    expected = {kind: nudged.get(kind, set()) | set(BY_BUS_ALONE.get(kind, ())) for kind in {*nudged, *BY_BUS_ALONE}}
    assert rule_targets() == expected


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_queue_takes_events_from_its_own_rule_only_and_what_it_refuses_is_kept(rule: str) -> None:
    for target in RULES[rule]["Targets"]:
        [queue, _] = target["Arn"]["Fn::GetAtt"]
        assert allowed_sources(queue) == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}}
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["BusDeadQueue", "Arn"]}}


def test_what_any_rule_cannot_deliver_is_kept() -> None:
    arns = allowed_sources("BusDeadQueue")["ArnEquals"]["aws:SourceArn"]
    assert {arn["Fn::GetAtt"][0] for arn in arns} == set(RULES)


def allowed_sources(queue: str) -> Any:
    """The condition under which the bus may send to a queue."""
    [policy] = [each for each in of_type(infra, "AWS::SQS::QueuePolicy").values() if {"Ref": queue} in each["Queues"]]
    [allow] = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    return allow["Condition"]


@pytest.mark.parametrize("alarm", sorted([*ALARMS, *of_type(sam, "AWS::CloudWatch::Alarm")]))
def test_every_alarm_has_a_runbook(alarm: str) -> None:
    properties = {**ALARMS, **of_type(sam, "AWS::CloudWatch::Alarm")}[alarm]
    name = properties["AlarmName"]["Fn::Sub"].removeprefix("hearthline-${Tenant}-")
    shared = {"dead": "dead-letters", "age": "queue-age"}.get(name.rsplit("-", 1)[1])
    assert (ROOT / "docs" / "runbooks" / f"{shared or name}.md").is_file()
