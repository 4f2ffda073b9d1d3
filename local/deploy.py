"""Deploys the two stacks, infra/stack.yaml and template.yaml, to an AWS engine."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from joserfc.jwk import OKPKey

from local import packaging, template
from local.engine import Engine
from local.places import REGION, ROOT

ARTIFACTS = "hearthline-artifacts"
INFRA, MEDIA, CODE = ROOT / "infra" / "stack.yaml", ROOT / "infra" / "media.yaml", ROOT / "template.yaml"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
READERS_AT_ONCE = max(2, os.cpu_count() or 1)
"""Of one queue. In the cloud twenty workers start in twenty places; here they would all start on the same few cores."""
UNSUPPORTED = {"route-response": "AWS::ApiGatewayV2::RouteResponse", "websocket": "AWS::ApiGatewayV2::"}
"""What an engine lacks -> how the types of such resources begin."""
Layer = Callable[[Path], packaging.Package]


class DeployError(Exception):
    """A stack did not come up; the message names the resources and their reasons."""


@dataclass(frozen=True)
class Account:
    """boto3 sessions towards one engine."""

    url: str

    @cached_property
    def session(self) -> boto3.Session:
        return boto3.Session("test", "test", region_name=REGION)

    def client(self, service: str) -> Any:
        config = Config(retries={"max_attempts": 3}, read_timeout=65)
        return self.session.client(service, endpoint_url=self.url, config=config)  # type: ignore[call-overload]  # any service


@dataclass(frozen=True)
class Deployment:
    """The outputs of both stacks, and the secrets that were filled."""

    infra: Mapping[str, str]
    code: Mapping[str, str]
    auth_token: str
    media_public_jwk: dict[str, Any]


def deploy(engine: Engine, tenant: str, world: Mapping[str, str], layer: Layer = packaging.linked_layer) -> Deployment:
    """Both stacks, secrets filled. Raises DeployError.

    ``world`` holds those parameters of template.yaml that speak of the world around; ``layer`` packages a layer.
    """
    account = Account(engine.url)
    times = {name: world[name] for name in ("RingSeconds", "WrapUpSeconds") if name in world}
    infra = deploy_infra(engine, tenant, times)
    auth_token, jwk = fill_secrets(account, infra)
    body = packaged(account, supported(template.load(CODE), engine), layer)
    parameters = {**_shared(infra, body), **world, "Tenant": tenant, "EngineUrl": engine.sockets}
    if "websocket" in engine.lacks:
        parameters["SocketApi"] = function_names()["agent_socket"].replace("${Tenant}", tenant)
    code = put_stack(account, f"hearthline-{tenant}", body, parameters)
    return Deployment(infra, code, auth_token, jwk)


def deploy_infra(engine: Engine, tenant: str, times: Mapping[str, str] | None = None) -> dict[str, str]:
    """The stack of what outlives code; its outputs. Raises DeployError."""
    account = Account(engine.url)
    _bucket(account)
    body = template.load(INFRA)
    infra = put_stack(account, f"hearthline-{tenant}-infra", body, {"Tenant": tenant, **(times or {})})
    if "table-ttl" in engine.lacks:
        _expire_items(account, tenant)
    return infra


def _shared(infra: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, str]:
    """The outputs of infra that template.yaml asks for by the same name."""
    return {name: value for name, value in infra.items() if name in body["Parameters"]}


def _bucket(account: Account) -> None:
    try:
        account.client("s3").create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise


def supported(body: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """The template without the resources that the engine has no kind for; the id of a WebSocket API stays, to be given.

    An engine may report what it lacks as created, and then nothing answers.
    """
    lacked = tuple(UNSUPPORTED[name] for name in engine.lacks if name in UNSUPPORTED)
    kept = {name: each for name, each in body["Resources"].items() if not each["Type"].startswith(lacked)}
    given = {} if "SocketApi" in kept else {"SocketApi": {"Type": "String"}}
    return {**body, "Resources": kept, "Parameters": {**body["Parameters"], **given}}


def packaged(account: Account, body: dict[str, Any], layer: Layer) -> dict[str, Any]:
    """The template with its folders sent to the artifact bucket and their addresses in place."""
    s3 = account.client("s3")

    def send(package: packaging.Package) -> str:
        s3.put_object(Bucket=ARTIFACTS, Key=package.key, Body=package.body)
        return f"s3://{ARTIFACTS}/{package.key}"

    for resource in body["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = send(packaging.folder(ROOT / properties["CodeUri"]))
            _read_with_few(properties)
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = send(layer(ROOT / properties["ContentUri"]))
        elif resource["Type"] == "AWS::Serverless::Api":
            include = properties["DefinitionBody"]["Fn::Transform"]["Parameters"]
            include["Location"] = send(packaging.text(ROOT / include["Location"]))
    return body


def _read_with_few(function: dict[str, Any]) -> None:
    for source in function.get("Events", {}).values():
        scaling = source["Properties"].get("ScalingConfig")
        if scaling:
            scaling["MaximumConcurrency"] = min(scaling["MaximumConcurrency"], READERS_AT_ONCE)


def put_stack(account: Account, name: str, body: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, str]:
    """Creates or updates a stack through a change set; its outputs. Raises DeployError."""
    client = account.client("cloudformation")
    kind = "UPDATE" if _exists(client, name) else "CREATE"
    key = f"{name}.json"
    account.client("s3").put_object(Bucket=ARTIFACTS, Key=key, Body=json.dumps(body).encode())
    change = client.create_change_set(
        StackName=name,
        ChangeSetName=f"change-{secrets.token_hex(6)}",
        ChangeSetType=kind,
        TemplateURL=f"{account.url}/{ARTIFACTS}/{key}",
        Parameters=[{"ParameterKey": each, "ParameterValue": str(value)} for each, value in parameters.items()],
        Capabilities=CAPABILITIES,
    )
    quick = {"Delay": 1, "MaxAttempts": 300}
    try:
        client.get_waiter("change_set_create_complete").wait(ChangeSetName=change["Id"], WaiterConfig=quick)
        client.execute_change_set(ChangeSetName=change["Id"])
        client.get_waiter(f"stack_{kind.lower()}_complete").wait(StackName=name, WaiterConfig=quick)
    except WaiterError as error:
        if "didn't contain changes" not in str(error.last_response.get("StatusReason", "")):
            raise DeployError(_reasons(client, name, error)) from error
    stack = client.describe_stacks(StackName=name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def _exists(client: Any, name: str) -> bool:
    try:
        return bool(client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] != "REVIEW_IN_PROGRESS")
    except ClientError:
        return False


def _reasons(client: Any, name: str, error: WaiterError) -> str:
    events = client.describe_stack_events(StackName=name).get("StackEvents", [])
    failed = [
        f"  {each['LogicalResourceId']}: {each.get('ResourceStatusReason', each['ResourceStatus'])}"
        for each in events
        if "FAILED" in each["ResourceStatus"]
    ]
    return "\n".join([f"{name}: {error.last_response.get('StatusReason', error)}", *failed])


def _expire_items(account: Account, tenant: str) -> None:
    client = account.client("dynamodb")
    for resource in template.load(INFRA)["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            table = resource["Properties"]["TableName"]["Fn::Sub"].replace("${Tenant}", tenant)
            client.update_time_to_live(
                TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
            )


def fill_secrets(account: Account, infra: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The carrier's token and the public half of the media key, made where the secrets are still empty."""
    client = account.client("secretsmanager")
    carrier = _filled(client, infra["CarrierSecretArn"], lambda: {"auth_token": secrets.token_hex(16)})
    media = _filled(client, infra["MediaSecretArn"], _media_key)
    public = OKPKey.import_key(media["private_key"]).as_dict(private=False)
    return str(carrier["auth_token"]), dict(public)


def _media_key() -> dict[str, Any]:
    return {"private_key": OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True)}


def _filled(client: Any, secret: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        kept = client.get_secret_value(SecretId=secret).get("SecretString", "")
    except client.exceptions.ResourceNotFoundException:  # a secret without any value yet
        kept = ""
    if kept:
        return dict(json.loads(kept))
    value = make()
    client.put_secret_value(SecretId=secret, SecretString=json.dumps(value))
    return value


def function_names(code: Path = CODE) -> dict[str, str]:
    """Folder under functions/ -> its name in the deployed stack, with ``${Tenant}`` still in it."""
    found = {}
    for resource in template.load(code)["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            found[Path(properties["CodeUri"]).name] = str(properties["FunctionName"]["Fn::Sub"])
    return found
