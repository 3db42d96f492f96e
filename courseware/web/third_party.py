"""The third-party Python of the in-page runtime: pure sources out of our own environment, trimmed to what a page uses."""

from __future__ import annotations

import ast
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Any

PACKAGES = [
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "dateutil",
    "six",
    "urllib3",
    "moto",
    "requests",
    "certifi",
    "charset_normalizer",
    "idna",
    "werkzeug",
    "markupsafe",
    "jinja2",
    "xmltodict",
    "responses",
    "yaml",
    "py_partiql_parser",
    "aws_xray_sdk",
    "wrapt",
    "samtranslator",
    "pydantic",
    "typing_extensions",
]

SERVICES = [
    "cloudformation",
    "cloudtrail",
    "lambda",
    "resourcegroupstaggingapi",
    "stepfunctions",
    "s3",
    "sqs",
    "sns",
    "dynamodb",
    "dynamodbstreams",
    "kinesis",
    "events",
    "scheduler",
    "logs",
    "cloudwatch",
    "iam",
    "sts",
    "kms",
    "secretsmanager",
    "ssm",
    "xray",
    "apigateway",
    "apigatewayv2",
    "codedeploy",
    "signer",
    "ec2",
    "organizations",
    "sso",
    "signin",
]

MOTO_ROOMS = [
    "core",
    "utilities",
    "moto_api",
    "packages",
    "settings",
    "s3",
    "s3bucket_path",
    "s3control",
    "sqs",
    "sns",
    "dynamodb",
    "dynamodb_v20111205",
    "dynamodbstreams",
    "kinesis",
    "events",
    "scheduler",
    "stepfunctions",
    "logs",
    "cloudwatch",
    "iam",
    "sts",
    "kms",
    "secretsmanager",
    "ssm",
    "xray",
    "apigateway",
    "apigatewayv2",
    "codedeploy",
    "signer",
    "organizations",
    "awslambda",
    "awslambda_simple",
    "ec2",
    "ecr",
    "instance_metadata",
    "resourcegroupstaggingapi",
    "firehose",
]

# moto carries every policy AWS manages (4.9 MB); a page keeps those the course attaches.
MANAGED_POLICIES = [
    "AdministratorAccess",
    "ReadOnlyAccess",
    "PowerUserAccess",
    "AWSLambda_FullAccess",
    "AWSLambda_ReadOnlyAccess",
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSQSFullAccess",
    "AmazonSNSFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "CloudWatchFullAccess",
    "CloudWatchLogsFullAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
    "AWSCodeDeployRoleForLambda",
    "AWSCodeDeployRoleForLambdaLimited",
    "AmazonAPIGatewayPushToCloudWatchLogs",
    "IAMReadOnlyAccess",
]

_NETWORKS = re.compile(
    "^(?!.*(TransitGateway|LocalGateway|ClientVpn|VpnConn|Ipam|Classic|Secondary|Stale|Moving|EgressOnly|AddressToVpc))"
    ".*(Vpcs?|VpcAttribute|VpcEndpoints?|VpcEndpointServices|Subnets?|SubnetAttribute|RouteTables?|Routes?|RouteTableAssociation"
    "|InternetGateways?|NatGateways?|SecurityGroups?|SecurityGroup(In|E)gress|SecurityGroupRules|Address(es)?|NetworkInterfaces?"
    "|NetworkAcls?|PrefixLists|AvailabilityZones|Regions|Tags)$"
)

_SKIPPED_FOLDERS = {"__pycache__", "tests", "test", "examples", "debug", "_pytest", "contrib_tests"}
_KEPT_SUFFIXES = {".py", ".json", ".pem", ".txt", ".yaml", ".yml", ".gz"}


def stage_third_party(target: Path) -> None:
    """Copy the packages into ``target`` as a ``site-packages`` folder with readable, document-free botocore models."""
    for package in PACKAGES:
        source = _home(package)
        if source is None:
            continue
        if source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / source.name)
        else:
            _copy(source, target / source.name)
    _write_versions(target)


def _write_versions(target: Path) -> None:
    """Name and version of each package, for libraries that ask ``importlib.metadata`` about one another."""
    owners = metadata.packages_distributions()
    for package in PACKAGES:
        for name in set(owners.get(package, ())):
            version = metadata.version(name)
            folder = target / f"{name.replace('-', '_')}-{version}.dist-info"
            folder.mkdir(exist_ok=True)
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")


def _home(package: str) -> Path | None:
    spec = util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


# What a page can do without, by what is put in its place. Managed policies it does not know the translator asks the account for.
_EMPTIED = {
    "samtranslator/internal/data/aws_managed_policies.json": "{}",
    "pydantic/__init__.py": "",  # the translator uses pydantic.v1, which is pure Python; the rest of pydantic is compiled
}


def _copy(source: Path, target: Path) -> None:
    for file in _files(source):
        relative = file.relative_to(source)
        if not _wanted(source.name, relative) or _outdated(source, relative):
            continue
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.name == "botocore" and relative.parts[0] == "data":
            _copy_model(file, place)
        elif (emptied := _EMPTIED.get(f"{source.name}/{relative.as_posix()}")) is not None:
            place.write_text(emptied, "utf-8")
        elif relative.name == "sam-docs.json":
            place.write_text(json.dumps(_without_texts(json.loads(file.read_text("utf-8")))), "utf-8")
        elif source.name == "moto" and relative.as_posix().startswith("ec2/resources/"):
            place.write_bytes(
                gzip.compress(b"{}", mtime=0) if place.suffix == ".gz" else b"{}"
            )  # catalogues of machines, read at import by what SSM builds on
        elif source.name == "moto" and relative.as_posix() == "iam/aws_managed_policies.py":
            place.write_text(_trim_managed_policies(file.read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(file, place)


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _files(entry)
        elif entry.suffix in _KEPT_SUFFIXES:
            yield entry


def _wanted(package: str, relative: Path) -> bool:
    first = relative.parts[0]
    if package in {"botocore", "certifi"} and relative.suffix == ".pem":
        return False  # a page opens no TLS connection
    if package == "botocore" and first == "data":
        return len(relative.parts) == 2 or (relative.parts[1] in SERVICES and "examples" not in relative.name)
    if package == "dateutil" and relative.name.endswith(".tar.gz"):
        return False  # zone data; the page's accounts live in UTC
    if package == "boto3" and first == "data":
        return relative.parts[1] in SERVICES and relative.parts[1] != "ec2"  # its resources are those of machines, too
    if package == "aws_xray_sdk" and first == "ext" and len(relative.parts) == 3:
        return relative.parts[1] in ("botocore", "httplib", "requests", "resources")  # of what it can watch, what a page has
    if package == "pydantic":
        return first in ("v1", "__init__.py") and relative.name not in ("mypy.py", "_hypothesis_plugin.py")
    if package == "samtranslator" and relative.name in ("schema.json", "schema_new.json"):
        return relative.parts[0] == "policy_templates_data"
    if package == "moto":
        if len(relative.parts) > 1 and first not in MOTO_ROOMS:
            return False
        if relative.parts[:2] == ("stepfunctions", "parser"):
            return len(relative.parts) == 3 and relative.name in ("__init__.py", "api.py")  # executions are not moto's
        return not relative.as_posix().startswith(
            ("ssm/resources/ami", "ssm/resources/ec", "ssm/resources/regions", "ssm/resources/services")
        )
    return True


def _outdated(source: Path, relative: Path) -> bool:
    """An API's model that a later one has taken the place of: clients take the newest unless they are told otherwise."""
    parts = relative.parts
    if source.name not in ("botocore", "boto3") or parts[0] != "data" or len(parts) < 4:
        return False
    return parts[2] != max(each.name for each in (source / "data" / parts[1]).iterdir() if each.is_dir())


def _copy_model(file: Path, place: Path) -> None:
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    document = json.loads(raw)
    if file.name.startswith("endpoints.json"):
        for partition in document["partitions"][1:]:
            partition["services"] = {}  # the commercial partition stays whole: moto asks it for every service's Regions
    if file.parts[-3] == "ec2":
        _keep_networks(document)
    text = json.dumps(_without_documentation(document), separators=(",", ":"))
    (place.with_suffix("") if place.suffix == ".gz" else place).write_text(text, "utf-8")


def _keep_networks(document: dict[str, Any]) -> None:
    """EC2 is in a page for the networks that functions are put into; machines, disks and the like are most of its model."""
    if "pagination" in document:
        document["pagination"] = {name: row for name, row in document["pagination"].items() if _NETWORKS.match(name)}
    if "waiters" in document:
        document["waiters"] = {name: row for name, row in document["waiters"].items() if _NETWORKS.match(row["operation"])}
    if "operations" not in document:
        return
    operations = document["operations"] = {name: row for name, row in document["operations"].items() if _NETWORKS.match(name)}
    shapes, wanted, found = document["shapes"], list(operations.values()), set()
    while wanted:
        node = wanted.pop()
        if isinstance(node, dict):
            if (name := node.get("shape")) in shapes and name not in found:
                found.add(name)
                wanted.append(shapes[name])
            wanted += node.values()
        elif isinstance(node, list):
            wanted += node
    document["shapes"] = {name: shape for name, shape in shapes.items() if name in found}


def _without_documentation(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: value if key == "clientContextParams" else _without_documentation(value)  # botocore reads those texts
            for key, value in node.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [_without_documentation(item) for item in node] if isinstance(node, list) else node


def _without_texts(node: Any) -> Any:
    """The translator looks every property's description up when it is imported; the names are enough for that."""
    return {key: _without_texts(value) for key, value in node.items()} if isinstance(node, dict) else ""


def _trim_managed_policies(source: str) -> str:
    """The module is one assignment of a JSON text; keep the named policies."""
    for statement in ast.parse(source).body:
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        ):
            policies = json.loads(statement.value.value)
            kept = {name: policies[name] for name in MANAGED_POLICIES if name in policies}
            name = ast.unparse(statement.targets[0])
            return f"{name} = {json.dumps(kept)!r}\n"
    raise ValueError("moto.iam.aws_managed_policies no longer holds one JSON text")
