"""From the routes: ``docs/openapi.json`` (3.1) for people and clients, ``infra/api.yaml`` (3.0.1) for the gateway.

``python -m local.generate`` writes both and the workspace's typed client; ``--check`` fails when they differ.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from local.openapi import Document, document
from local.places import ROOT

OPENAPI: Final = ROOT / "docs" / "openapi.json"
GATEWAY: Final = ROOT / "infra" / "api.yaml"
FUNCTIONS: Final = {"/api/": "Api", "/telephony/": "VoiceWebhook"}
"""Which function of template.yaml serves the routes under a prefix."""


def gateway(routes: Document) -> dict[str, Any]:
    """Routes and integrations only: what the gateway must know, and no more."""
    paths = {path: {verb: _integration(path) for verb in sorted(methods)} for path, methods in routes["paths"].items()}
    return {"openapi": "3.0.1", "info": {"title": "Hearthline", "version": "1"}, "paths": dict(sorted(paths.items()))}


def _integration(path: str) -> dict[str, Any]:
    function = next(name for prefix, name in FUNCTIONS.items() if path.startswith(prefix))
    # The long form: the short one of YAML is not understood inside an included document.
    arn = (
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        f"${{{function}.Arn}}/invocations"
    )
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": arn}}
    parts = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    described: dict[str, Any] = {"responses": {"default": {"description": "As docs/openapi.json says."}}}
    if parts:
        described["parameters"] = [
            {"name": part, "in": "path", "required": True, "schema": {"type": "string"}} for part in parts
        ]
    return described | {"x-amazon-apigateway-integration": integration}


def generated() -> dict[Path, str]:
    """File -> what it must hold."""
    whole = document()
    note = "# Written by `make generate` from the routes of functions/api and functions/voice_webhook.\n"
    return {
        OPENAPI: json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        GATEWAY: note + yaml.safe_dump(gateway(whole), sort_keys=True, width=200, allow_unicode=True),
    }


def drifted() -> list[str]:
    """Files that differ from the code."""
    return [
        str(path.relative_to(ROOT))
        for path, text in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write() -> None:
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    if (ROOT / "web" / "node_modules").exists():
        subprocess.run(["node", "scripts/generate.mjs"], cwd=ROOT / "web", check=True)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif stale := drifted():
        sys.exit(f"differs from the code, run `make generate`: {', '.join(stale)}")
