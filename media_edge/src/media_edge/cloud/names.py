"""The public address of a task (EC2) and its name in a zone of Route 53.

A name is of one task and is never used again, so nobody is led to another edge by an old answer. A task takes its name
back when it ends; those of tasks that had no time for it are swept by the next that begins.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TTL_SECONDS = 60
PREFIX = "edge-"
MAX_SWEPT = 100  # names in one change
KINDS = ("A", "AAAA")


class NoAddressError(Exception):
    """The task has no public IPv4 address: its subnet or its service gives none."""


def public_ip(ec2: Any, private_ip: str, vpc_id: str) -> str:
    """Raises NoAddressError, and what boto3 raises."""
    told = ec2.describe_network_interfaces(
        Filters=[{"Name": "private-ip-address", "Values": [private_ip]}, {"Name": "vpc-id", "Values": [vpc_id]}]
    )
    for each in told["NetworkInterfaces"]:
        found = each.get("Association", {}).get("PublicIp", "")
        if found:
            return str(found)
    raise NoAddressError("the task has no public address")


def name_of(task_id: str) -> str:
    """The edge's own name, which is the first label of its address too."""
    return PREFIX + task_id


@dataclass(frozen=True, slots=True)
class Zone:
    """``domain`` is under the certificate of the edges: ``*.domain``."""

    route53: Any
    id: str
    domain: str

    def take(self, name: str, addresses: Mapping[str, str]) -> None:
        """``addresses``: by kind of record. Returns when every name server of the zone knows it."""
        records = [_record(f"{name}.{self.domain}", kind, ip) for kind, ip in addresses.items() if ip]
        changed = self._change([{"Action": "UPSERT", "ResourceRecordSet": record} for record in records])
        self.route53.get_waiter("resource_record_sets_changed").wait(
            Id=changed, WaiterConfig={"Delay": 3, "MaxAttempts": 60}
        )

    def give_back(self, name: str) -> None:
        """Nothing where it is gone."""
        self._forget([record for record in self._ours() if record["Name"] == f"{name}.{self.domain}."])

    def sweep(self, living: Collection[str]) -> int:
        """Names of tasks (``living``: their ids) that are gone are taken back; how many records."""
        kept = {f"{name_of(id)}.{self.domain}." for id in living}
        gone = [record for record in self._ours() if record["Name"] not in kept][:MAX_SWEPT]
        self._forget(gone)
        return len(gone)

    def _ours(self) -> Iterator[dict[str, Any]]:
        for page in self.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=self.id):
            for record in page["ResourceRecordSets"]:
                if record["Type"] in KINDS and record["Name"].startswith(PREFIX):
                    yield record

    def _forget(self, records: list[dict[str, Any]]) -> None:
        if records:
            self._change([{"Action": "DELETE", "ResourceRecordSet": record} for record in records])

    def _change(self, changes: list[dict[str, Any]]) -> str:
        told = self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch={"Changes": changes})
        return str(told["ChangeInfo"]["Id"])


def _record(name: str, kind: str, ip: str) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": TTL_SECONDS, "ResourceRecords": [{"Value": ip}]}
