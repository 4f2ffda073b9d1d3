"""Seeds a small company."""

from local.deploy import Deployment
from local.engine import Engine


def seed(engine: Engine, made: Deployment, tenant: str, public: str) -> list[dict[str, str]]:
    return []
