"""Keeps a task alive while it is wanted or has calls: asks its service, drains the edge, holds the protection.

ECS ends only what is not protected, so it can end nothing but a drained edge without rooms.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from media_edge.cloud import task as own
from media_edge.cloud.leaving import Opinion, Service, surplus
from media_edge.cloud.load import Load
from media_edge.cloud.names import Zone

log = logging.getLogger("media_edge.cloud.keeper")

LOOK_SECONDS = 20.0
RENEW_SECONDS = 300.0  # the protection lasts half an hour
MAX_TASKS = 1_000


class Edge(Protocol):
    """What the keeper needs of a worker."""

    def retire(self, leaves: bool) -> None:
        """Take no new room, or take them again."""

    def health(self) -> dict[str, Any]:
        """As ``GET /health`` tells it."""


def service_of(ecs: Any, task: own.Task) -> Service:
    """Raises what boto3 raises; LookupError where the service is gone."""
    told = ecs.describe_services(cluster=task.cluster, services=[task.service])["services"][0]
    newest = next(each for each in told["deployments"] if each["status"] == "PRIMARY")
    tasks = _ids(ecs, cluster=task.cluster, startedBy=newest["id"])
    return Service(newest["desiredCount"], tasks, newest["runningCount"])


def living(ecs: Any, task: own.Task) -> list[str]:
    """Ids of tasks that may still have their name: those wanted, those that ended within the last hour, and itself.

    A list of tasks may be a moment old.
    """
    return [task.id] + [
        id
        for status in ("RUNNING", "STOPPED")
        for id in _ids(ecs, cluster=task.cluster, serviceName=task.service, desiredStatus=status)
    ]


def _ids(ecs: Any, **which: str) -> list[str]:
    pages = ecs.get_paginator("list_tasks").paginate(**which, PaginationConfig={"MaxItems": MAX_TASKS})
    return [arn.rsplit("/", 1)[-1] for page in pages for arn in page["taskArns"]]


@dataclass(slots=True)
class Keeper:
    """``keep`` runs as long as the worker; ``end`` is its last act."""

    task: own.Task
    agent: str
    ecs: Any
    zone: Zone
    name: str
    now: Callable[[], float]
    _opinion: Opinion = field(default_factory=Opinion)
    _protected: bool = False
    _asked_at: float = -RENEW_SECONDS

    async def keep(self, edge: Edge) -> None:
        try:
            await asyncio.to_thread(self._sweep)
        except (ClientError, BotoCoreError, LookupError) as error:
            log.warning("names of former edges not swept", extra={"error": type(error).__name__})
        load = Load(self.task.service)
        while True:
            await self.look(edge)
            load.tell(edge.health(), int(time.time() * 1000))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, edge: Edge) -> None:
        """One look. What fails is tried at the next: until then the task stays as it is."""
        try:
            wanted = await asyncio.to_thread(service_of, self.ecs, self.task)
            leaves = self._opinion.looked(surplus(self.task.id, wanted))
            if leaves:  # drained first, and only then looked whether it is empty: no call comes in between
                edge.retire(True)
            await self._protect(not (leaves and not edge.health()["rooms"]))
            if not leaves:
                edge.retire(False)
        except (ClientError, BotoCoreError, own.TaskUnknownError, LookupError, StopIteration) as error:
            log.warning("the service was not asked", extra={"error": type(error).__name__})

    async def end(self) -> None:
        """The name is taken back."""
        try:
            await asyncio.to_thread(self.zone.give_back, self.name)
        except (ClientError, BotoCoreError) as error:
            log.warning("the name was not taken back", extra={"error": type(error).__name__})

    async def _protect(self, wanted: bool) -> None:
        fresh = self.now() - self._asked_at < RENEW_SECONDS
        if wanted is self._protected and (fresh or not wanted):
            return
        await asyncio.to_thread(own.protect, self.agent, wanted=wanted)
        self._protected, self._asked_at = wanted, self.now()

    def _sweep(self) -> None:
        swept = self.zone.sweep(living(self.ecs, self.task))
        log.info("names of former edges swept", extra={"names": swept})
