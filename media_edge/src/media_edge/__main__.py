"""``python -m media_edge``: one worker with the settings of its environment; SIGTERM drains, twice ends at once."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable

import boto3
import uvloop
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from hearthline.platform.seal import KmsKeys, Sealer
from media_edge import workers
from media_edge.cloud import place
from media_edge.cloud.keeper import Keeper
from media_edge.cloud.names import NoAddressError
from media_edge.cloud.task import TaskUnknownError
from media_edge.entry import secure
from media_edge.kept.reports import AwsOutlet, Reporter
from media_edge.logs import configure
from media_edge.server import Server
from media_edge.settings import Settings, read
from media_edge.sound.opus import OpusMissingError

log = logging.getLogger("media_edge")


def reporter(settings: Settings) -> Reporter:
    config = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 2})
    session = boto3.session.Session()
    sqs, s3, kms = (session.client(name, config=config) for name in ("sqs", "s3", "kms"))
    outlet = AwsOutlet(sqs, s3, settings.MEDIA_QUEUE_URL, settings.RECORDINGS_BUCKET)
    return Reporter(
        settings.EDGE_NAME, settings.TENANT, outlet, Sealer(settings.TENANT, KmsKeys(kms, settings.SEAL_KEY_ID))
    )


def certificate(settings: Settings) -> Callable[[], str]:
    """Reads the secret as it is then; raises what boto3 raises."""
    config = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 2})
    secrets = boto3.session.Session().client("secretsmanager", config=config)
    return lambda: str(secrets.get_secret_value(SecretId=settings.EDGE_TLS_SECRET)["SecretString"])


async def run(settings: Settings, keeper: Keeper | None) -> None:
    """Raises CertificateError, and what boto3 raises for a secret that cannot be read."""
    loop, draining, keeping = asyncio.get_running_loop(), list[asyncio.Task[None]](), list[asyncio.Task[None]]()
    tls = None
    if settings.EDGE_TLS_SECRET:
        read = certificate(settings)
        tls = secure.context(read())
        keeping.append(loop.create_task(secure.keep_new(tls, read)))
    server = Server(settings, reporter(settings), tls)
    await server.start()
    if keeper:
        keeping.append(loop.create_task(keeper.keep(server)))

    def stop() -> None:
        if draining:
            server.edge.end_all("drained")
        else:
            draining.append(loop.create_task(server.drain()))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    log.info("edge is up", extra={"edge": settings.EDGE_NAME, "port": server.port, "udp": server.udp.port})
    await server.finished()
    for task in keeping:
        task.cancel()
    if keeper:
        await keeper.end()
    log.info("edge has ended", extra={"edge": settings.EDGE_NAME})


def main() -> int:
    try:
        environment, keeper = place.found(os.environ)
        settings = read(environment)
    except ValidationError as error:
        missing = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        sys.stderr.write(f"the edge cannot start, check these variables: {missing}\n")
        return 2
    except (TaskUnknownError, NoAddressError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"the edge cannot start, it has not found its place: {error}\n")
        return 4
    configure(settings.LOG_LEVEL)
    if settings.EDGE_WORKERS != 1:
        return asyncio.run(workers.run(settings, environment))
    try:
        uvloop.run(run(settings, keeper))
    except (OpusMissingError, secure.CertificateError) as error:
        sys.stderr.write(f"the edge cannot start: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
