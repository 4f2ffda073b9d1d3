"""One structured line a call: a constant sentence plus fields. Numbers of phones, names and speech never."""

from functools import cache
from typing import Any

from aws_lambda_powertools.logging.logger import Logger


@cache
def logger(service: str) -> Logger:
    """The function's logger; ``service`` is its folder's name."""
    made = Logger(service=service, log_uncaught_exceptions=True)
    made.append_keys(kind="log")
    return made


def with_request(log: Logger, context: Any) -> None:
    """Ties the line to the invocation that wrote it."""
    log.append_keys(request=getattr(context, "aws_request_id", ""))
