"""DynamoDB (developer guide, "Using IAM policy conditions for fine-grained access control", "IAM and PartiQL")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.iam.operations import partiql
from sandbox.iam.operations.expression import attribute_names, equal_to
from sandbox.iam.operations.request import Request, Rule, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check, ContextValue

Keys = dict[str, "ContextValue | None"]
_EXPRESSIONS: Final = (
    "ProjectionExpression",
    "FilterExpression",
    "ConditionExpression",
    "UpdateExpression",
    "KeyConditionExpression",
)


def table_arn(request: Request, name: str) -> str:
    return request.named("table/{}", name)


def _table(request: Request) -> str:
    return table_arn(request, request.text("TableName", "TableArn", "TargetTableName"))


def _text(value: Any) -> str:
    """An attribute value (``{"S": "x"}``) as a condition sees it."""
    if isinstance(value, Mapping) and len(value) == 1:
        value = next(iter(value.values()))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _leading(request: Request, arn: str, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Partition key values. While the table's key is not known, those of all key attributes: too many refuse, too few admit."""
    hash_key = request.where.find("dynamodb:hash-key", arn)
    values = [_text(value) for item in items for name, value in item.items() if not hash_key or name == hash_key]
    return list(dict.fromkeys(values))


def _attributes(call: Mapping[str, Any]) -> list[str]:
    """Top-level attribute names a request speaks about; none when it asks for whole items."""
    aliases = call.get("ExpressionAttributeNames") or {}
    found: dict[str, None] = {}
    for name in ("Key", "Item", "AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"):
        part = call.get(name)
        if isinstance(part, Mapping):
            found.update(dict.fromkeys(part))
    found.update(dict.fromkeys(call.get("AttributesToGet") or ()))
    for name in _EXPRESSIONS:
        found.update(dict.fromkeys(attribute_names(str(call.get(name) or ""), aliases)))
    return list(found)


def _call_keys(request: Request, call: Mapping[str, Any]) -> Keys:
    return {
        "dynamodb:Attributes": _attributes(call),
        "dynamodb:ReturnValues": str(call.get("ReturnValues") or ""),
        "dynamodb:ReturnConsumedCapacity": request.text("ReturnConsumedCapacity"),
    }


def _select(call: Mapping[str, Any], on_index: str) -> str:
    """What DynamoDB assumes where Select is left out."""
    if call.get("Select"):
        return str(call["Select"])
    if call.get("ProjectionExpression") or call.get("AttributesToGet"):
        return "SPECIFIC_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if on_index else "ALL_ATTRIBUTES"


def _item(parameter: str) -> Rule:
    def rule(request: Request) -> Iterable[Check]:
        arn = _table(request)
        item = request.part(parameter)
        keys = _call_keys(request, request.params)
        keys["dynamodb:LeadingKeys"] = _item_leading(request, arn, parameter, item)
        return [request.own(arn, keys)]

    return rule


def _item_leading(request: Request, arn: str, parameter: str, item: Mapping[str, Any]) -> list[str]:
    """An Item holds every attribute: without the table's key only a lone attribute can be told to be it."""
    if parameter == "Item" and not request.where.find("dynamodb:hash-key", arn):
        return [_text(value) for value in item.values()] if item else []
    return _leading(request, arn, [item])


def _query(request: Request) -> Iterable[Check]:
    index = request.text("IndexName")
    arn = _table(request)
    keys = _call_keys(request, request.params)
    keys["dynamodb:Select"] = _select(request.params, index)
    keys["dynamodb:LeadingKeys"] = _queried(request, arn, index)
    return [request.own(f"{arn}/index/{index}" if index else arn, keys)]


def _queried(request: Request, arn: str, index: str) -> list[str]:
    """Values the key condition demands equality with; of the partition key alone where it is known (never for an index)."""
    values = request.part("ExpressionAttributeValues")
    names = request.part("ExpressionAttributeNames")
    equal = equal_to(request.text("KeyConditionExpression"), names)
    wanted = {name: _text(values[alias]) for name, alias in equal.items() if alias in values}
    for name, row in request.part("KeyConditions").items():
        if isinstance(row, Mapping) and row.get("ComparisonOperator") == "EQ":
            wanted[name] = "".join(_text(value) for value in (row.get("AttributeValueList") or ())[:1])
    hash_key = "" if index else request.where.find("dynamodb:hash-key", arn)
    if hash_key:
        return [wanted[hash_key]] if hash_key in wanted else []
    return list(dict.fromkeys(wanted.values()))


def _scan(request: Request) -> Iterable[Check]:
    index = request.text("IndexName")
    arn = _table(request)
    keys = _call_keys(request, request.params)
    keys["dynamodb:Select"] = _select(request.params, index)
    return [request.own(f"{arn}/index/{index}" if index else arn, keys)]


def _batch_get(request: Request) -> Iterable[Check]:
    checks = []
    for name, call in request.part("RequestItems").items():
        arn = table_arn(request, name)
        rows = call.get("Keys") or ()
        keys = _call_keys(request, call)
        names = {attribute for row in rows for attribute in row}
        keys["dynamodb:Attributes"] = [*names, *_attributes(call)]
        keys["dynamodb:LeadingKeys"] = _leading(request, arn, rows)
        checks.append(request.own(arn, keys))
    return checks


def _batch_write(request: Request) -> Iterable[Check]:
    checks = []
    for name, rows in request.part("RequestItems").items():
        arn = table_arn(request, name)
        puts = [row["PutRequest"].get("Item") or {} for row in rows if "PutRequest" in row]
        deletes = [row["DeleteRequest"].get("Key") or {} for row in rows if "DeleteRequest" in row]
        keys: Keys = {
            "dynamodb:Attributes": list(dict.fromkeys(attribute for item in (*puts, *deletes) for attribute in item)),
            "dynamodb:LeadingKeys": _leading(request, arn, (*puts, *deletes)),
            "dynamodb:ReturnConsumedCapacity": request.text("ReturnConsumedCapacity"),
        }
        checks.append(request.own(arn, keys))
    return checks


_TRANSACTED: Final[Mapping[str, tuple[str, str]]] = {
    "Get": ("GetItem", "Key"),
    "Put": ("PutItem", "Item"),
    "Update": ("UpdateItem", "Key"),
    "Delete": ("DeleteItem", "Key"),
    "ConditionCheck": ("ConditionCheckItem", "Key"),
}


def _transact(request: Request) -> Iterable[Check]:
    """A transaction is authorized as its parts: there is no ``dynamodb:TransactWriteItems`` action."""
    checks = []
    for row in request.rows("TransactItems"):
        for kind, call in row.items():
            if kind not in _TRANSACTED or not isinstance(call, Mapping):
                continue
            action, parameter = _TRANSACTED[kind]
            arn = table_arn(request, str(call.get("TableName") or ""))
            keys = _call_keys(request, call)
            keys["dynamodb:LeadingKeys"] = _item_leading(request, arn, parameter, call.get(parameter) or {})
            keys["dynamodb:EnclosingOperation"] = request.operation
            checks.append(request.check(action, arn, keys))
    return checks


def _statements(request: Request) -> Iterable[Check]:
    rows = request.rows("Statements") or request.rows("TransactStatements") or [request.params]
    checks = []
    for row in rows:
        statement = partiql.read(str(row.get("Statement") or ""))
        arn = table_arn(request, statement.table)
        keys: Keys = {"dynamodb:FullTableScan": "true" if statement.full_scan else "false"} if statement.verb == "Select" else {}
        if request.operation != "ExecuteStatement":
            keys["dynamodb:EnclosingOperation"] = request.operation
        resource = f"{arn}/index/{statement.index}" if statement.index else arn
        checks.append(request.check(f"PartiQL{statement.verb}", resource, keys))
    return checks


def _global_table(request: Request) -> str:
    return request.arn(f"global-table/{request.text('GlobalTableName')}", region="")


def _restore(request: Request) -> Iterable[Check]:
    """Restoring asks for the source too; the item actions AWS lists besides belong to the target."""
    target = table_arn(request, request.text("TargetTableName"))
    source = request.text("BackupArn", "SourceTableArn") or table_arn(request, request.text("SourceTableName"))
    items = ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")
    return [request.own(source), request.own(target), *(request.check(action, target) for action in items)]


def _insights(request: Request) -> str:
    index = request.text("IndexName")
    return f"{_table(request)}/index/{index}" if index else _table(request)


def _import(request: Request) -> str:
    return table_arn(request, str(request.part("TableCreationParameters").get("TableName") or ""))


RULES: Rules = {
    **table(
        {
            _table: (
                "CreateBackup CreateTable DeleteTable DescribeContinuousBackups DescribeKinesisStreamingDestination "
                "DescribeTable DescribeTableReplicaAutoScaling DescribeTimeToLive DisableKinesisStreamingDestination "
                "EnableKinesisStreamingDestination ExportTableToPointInTime UpdateContinuousBackups "
                "UpdateKinesisStreamingDestination UpdateTable UpdateTableReplicaAutoScaling UpdateTimeToLive"
            ),
            _insights: "DescribeContributorInsights UpdateContributorInsights",
            _global_table: (
                "CreateGlobalTable DescribeGlobalTable DescribeGlobalTableSettings UpdateGlobalTable UpdateGlobalTableSettings"
            ),
            given("BackupArn"): "DeleteBackup DescribeBackup",
            given("ExportArn"): "DescribeExport",
            given("ImportArn"): "DescribeImport",
            given("ResourceArn"): (
                "DeleteResourcePolicy GetResourcePolicy ListTagsOfResource PutResourcePolicy TagResource UntagResource"
            ),
            by_name("table/{}", "TableName"): "SearchVectors StartBulkPutItems",
            _import: "ImportTable",
            everything: (
                "DescribeEndpoints DescribeLimits ListBackups ListContributorInsights ListExports ListGlobalTables ListImports "
                "ListTables"
            ),
        }
    ),
    "GetItem": _item("Key"),
    "PutItem": _item("Item"),
    "UpdateItem": _item("Key"),
    "DeleteItem": _item("Key"),
    "Query": _query,
    "Scan": _scan,
    "BatchGetItem": _batch_get,
    "BatchWriteItem": _batch_write,
    "TransactGetItems": _transact,
    "TransactWriteItems": _transact,
    "ExecuteStatement": _statements,
    "BatchExecuteStatement": _statements,
    "ExecuteTransaction": _statements,
    "RestoreTableFromBackup": _restore,
    "RestoreTableToPointInTime": _restore,
}
