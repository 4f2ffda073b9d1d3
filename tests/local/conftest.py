"""Small functions of their own on the local engine."""

import io
import sys
import uuid
import zipfile
from collections.abc import Callable

import pytest

from local.deploy import Account
from local.engine import Engine

Deploy = Callable[..., str]


def zipped(code: str) -> bytes:
    """A function's package: one module, ``app``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", code)
    return packed.getvalue()


@pytest.fixture(scope="module")
def deployed(engine: Engine) -> Deploy:
    """``deployed(code, timeout, **environment)`` is the name of a function that is ready to be called."""

    def deploy(code: str, timeout: int = 10, **environment: str) -> str:
        name = f"small-{uuid.uuid4().hex[:8]}"
        client = Account(engine.url).client("lambda")
        client.create_function(
            FunctionName=name,
            Runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
            Handler="app.handler",
            Role="arn:aws:iam::000000000000:role/small",
            Code={"ZipFile": zipped(code)},
            Environment={"Variables": environment},
            Timeout=timeout,
        )
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name

    return deploy
