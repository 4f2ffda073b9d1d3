"""Reloads what changed: a function's folder, or the layer all functions share."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local import packaging
from local.deploy import CODE, INFRA, Account, function_names
from local.places import ROOT, read_endpoints
from local.warm import warm

POLL_SECONDS = 0.4
CORE = ROOT / "layers/core/python"
FUNCTIONS = ROOT / "functions"
DEPLOYED = (INFRA, CODE, ROOT / "infra" / "api.yaml")


def stamps(folder: Path) -> dict[Path, int]:
    """When each source file below ``folder`` was written."""
    found = {}
    for path in folder.rglob("*.py"):
        try:
            found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:  # an editor replaced it between the two calls
            continue
    return found


def as_of(since: int, now: dict[Path, int]) -> dict[Path, int]:
    """``now`` without what was written after ``since`` (ns): changed while the world came up, it counts as changed."""
    return {path: at for path, at in now.items() if at <= since}


def written(paths: Iterable[Path]) -> list[int]:
    """When each file was written; 0 for one that is away."""
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in paths]


def watch() -> None:
    """Until ended by a signal."""
    found = read_endpoints()
    names = {folder: name.replace("${Tenant}", found["tenant"]) for folder, name in function_names().items()}
    account = Account(found["aws"])
    since = int(found["deployed_at"])
    seen = {folder: as_of(since, stamps(FUNCTIONS / folder)) for folder in names}
    seen_core, seen_deployed = as_of(since, stamps(CORE)), written(DEPLOYED)
    while True:
        time.sleep(POLL_SECONDS)
        now, now_core = {folder: stamps(FUNCTIONS / folder) for folder in names}, stamps(CORE)
        changed = set(names) if now_core != seen_core else {folder for folder in names if now[folder] != seen[folder]}
        if changed:
            reload(account, found["tenant"], {folder: names[folder] for folder in changed})
        if (deployed := written(DEPLOYED)) != seen_deployed:
            print("routes or templates changed: `make up` again deploys them", flush=True)
            seen_deployed = deployed
        seen, seen_core = now, now_core


def reload(account: Account, tenant: str, functions: dict[str, str]) -> None:
    """Gives each function its code anew, which ends its warm processes, and starts the next. folder -> name."""
    client = account.client("lambda")

    def one(function: tuple[str, str]) -> None:
        folder, name = function
        begun = time.monotonic()
        try:
            client.update_function_code(FunctionName=name, ZipFile=packaging.folder(FUNCTIONS / folder).body)
            warm(account, tenant, read_endpoints(), only={folder})
        except (BotoCoreError, ClientError, OSError) as error:  # half-written code, or an engine that goes down
            print(f"{folder} was not reloaded: {error}", flush=True)
        else:
            print(f"reloaded {folder} in {time.monotonic() - begun:.1f} s", flush=True)

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(one, _most_used_first(functions.items())))


def _most_used_first(functions: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    first = ("api", "voice_webhook", "agent_socket")
    return sorted(functions, key=lambda each: (first.index(each[0]) if each[0] in first else len(first), each[0]))


if __name__ == "__main__":
    watch()
