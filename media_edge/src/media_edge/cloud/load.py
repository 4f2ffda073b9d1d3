"""How full this edge is, as a log line that CloudWatch reads as metrics (embedded metric format)."""

import logging
from collections.abc import Mapping
from typing import Any, Final

log = logging.getLogger("media_edge.cloud.load")
log.setLevel(logging.INFO)  # figures are no chatter: without them the service does not grow

NAMESPACE: Final = "Hearthline/Edge"
UNITS: Final = {"rooms_share": "Percent", "rooms": "Count", "late_ticks": "Count", "reports_waiting": "Count"}


class Load:
    """``service`` is the dimension of every figure."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._late = 0

    def tell(self, health: Mapping[str, Any], at: int) -> None:
        """``health`` as ``GET /health`` tells it; ``at``: ms since the epoch."""
        late, self._late = health["late_ticks"] - self._late, health["late_ticks"]
        log.info(
            "load",
            extra={
                "_aws": {"Timestamp": at, "CloudWatchMetrics": [_described(health["state"] == "up")]},
                "service": self._service,
                "rooms": health["rooms"],
                "rooms_share": round(100 * health["rooms"] / health["max_rooms"], 2),
                "late_ticks": late,
                "reports_waiting": health["reports_waiting"],
            },
        )


def _described(up: bool) -> dict[str, Any]:
    """An edge that drains is no room to fill: its share is no figure."""
    metrics = [{"Name": name, "Unit": unit} for name, unit in UNITS.items() if up or name != "rooms_share"]
    return {"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
