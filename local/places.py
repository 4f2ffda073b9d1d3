"""Where things lie: the repository, and the one folder that everything local writes to."""

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "local" / ".state"
"""Environments, layers and stamps: made once, used by every start."""
STATE = Path(os.environ.get("HEARTHLINE_STATE") or TOOLS)
"""What one running world writes; a second world beside the first has its own."""
PYTHON = ROOT / ".venv" / "bin" / "python"
LOGS = STATE / "logs"
ENDPOINTS = STATE / "endpoints.json"
IMPORT_PATH = [ROOT / "layers/core/python", ROOT / "media_edge/src", ROOT]
REGION = "eu-central-1"


def python_environment() -> dict[str, str]:
    """The environment of our own processes: the imports that Lambda's layers give, and nothing buffered."""
    path = os.pathsep.join(str(each) for each in IMPORT_PATH)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def aws_environment(engine_url: str) -> dict[str, str]:
    """What boto3 needs to speak to the local engine and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": engine_url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def write_json(path: Path, value: Any) -> None:
    """Whole or not at all: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value, indent=1, ensure_ascii=False))
    draft.replace(path)


def read_endpoints() -> dict[str, Any]:
    """What `make up` left behind. Exits with a hint when nothing is up."""
    try:
        found: dict[str, Any] = json.loads(ENDPOINTS.read_text())
    except FileNotFoundError:
        sys.exit("Nothing is up: run `make up` first.")
    return found
