from __future__ import annotations

import pytest

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
KNOWN = {("dynamodb:hash-key", TABLE): "pk"}
ITEM = {"pk": {"S": "alice"}, "sk": {"N": "1"}, "total": {"N": "3"}}


@pytest.mark.parametrize(
    ("operation", "params", "wanted"),
    [
        ("GetItem", {"TableName": "orders", "Key": {}}, [("dynamodb:GetItem", TABLE)]),
        ("GetItem", {"TableName": TABLE, "Key": {}}, [("dynamodb:GetItem", TABLE)]),
        ("Query", {"TableName": "orders"}, [("dynamodb:Query", TABLE)]),
        ("Query", {"TableName": "orders", "IndexName": "by-date"}, [("dynamodb:Query", f"{TABLE}/index/by-date")]),
        ("Scan", {"TableName": "orders", "IndexName": "by-date"}, [("dynamodb:Scan", f"{TABLE}/index/by-date")]),
        ("ListTables", {}, [("dynamodb:ListTables", "*")]),
        ("DescribeTable", {"TableName": "orders"}, [("dynamodb:DescribeTable", TABLE)]),
        ("BatchGetItem", {"RequestItems": {"orders": {"Keys": []}}}, [("dynamodb:BatchGetItem", TABLE)]),
        ("BatchWriteItem", {"RequestItems": {"orders": [{"PutRequest": {"Item": ITEM}}]}}, [("dynamodb:BatchWriteItem", TABLE)]),
        ("ExecuteStatement", {"Statement": 'SELECT * FROM "orders" WHERE pk = ?'}, [("dynamodb:PartiQLSelect", TABLE)]),
        (
            "ExecuteStatement",
            {"Statement": 'select a from "orders"."by-date"'},
            [("dynamodb:PartiQLSelect", f"{TABLE}/index/by-date")],
        ),
        ("ExecuteStatement", {"Statement": "INSERT INTO orders VALUE {'pk': 'a'}"}, [("dynamodb:PartiQLInsert", TABLE)]),
        ("ExecuteStatement", {"Statement": "UPDATE orders SET a = 1"}, [("dynamodb:PartiQLUpdate", TABLE)]),
        ("ExecuteStatement", {"Statement": "DELETE FROM orders WHERE pk = 'a'"}, [("dynamodb:PartiQLDelete", TABLE)]),
    ],
)
def test_operations_and_their_actions(asked, operation: str, params, wanted) -> None:
    assert asked("dynamodb", operation, params) == wanted


def test_a_transaction_is_its_parts(asked) -> None:
    rows = [
        {"Put": {"TableName": "orders", "Item": ITEM}},
        {"Update": {"TableName": "stock", "Key": {}}},
        {"Delete": {"TableName": "orders", "Key": {}}},
        {"ConditionCheck": {"TableName": "orders", "Key": {}}},
    ]
    actions = [action for action, _ in asked("dynamodb", "TransactWriteItems", {"TransactItems": rows})]
    assert actions == ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]
    assert asked("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": {"TableName": "orders", "Key": {}}}]}) == [
        ("dynamodb:GetItem", TABLE)
    ]


@pytest.mark.parametrize(
    ("operation", "params", "leading"),
    [
        ("GetItem", {"Key": {"pk": {"S": "alice"}, "sk": {"N": "1"}}}, ["alice"]),
        ("PutItem", {"Item": ITEM}, ["alice"]),
        (
            "Query",
            {
                "KeyConditionExpression": "#p = :p AND sk = :s",
                "ExpressionAttributeNames": {"#p": "pk"},
                "ExpressionAttributeValues": {":p": {"S": "alice"}, ":s": {"N": "1"}},
            },
            ["alice"],
        ),
        ("Query", {"KeyConditions": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "alice"}]}}}, ["alice"]),
    ],
)
def test_leading_keys_are_the_partition_keys(keys, operation: str, params, leading) -> None:
    found = keys("dynamodb", operation, {"TableName": "orders", **params}, known=KNOWN)
    assert found["dynamodb:LeadingKeys"] == leading


def test_an_unknown_table_gives_all_key_values_rather_than_none(keys) -> None:
    found = keys("dynamodb", "GetItem", {"TableName": "orders", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}})
    assert found["dynamodb:LeadingKeys"] == ["a", "b"]


def test_batches_bring_every_partition_key(keys) -> None:
    rows = {"orders": {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}]}}
    assert keys("dynamodb", "BatchGetItem", {"RequestItems": rows}, known=KNOWN)["dynamodb:LeadingKeys"] == ["a", "b"]


def test_attributes_are_the_top_level_names_of_expressions(keys) -> None:
    params = {
        "TableName": "orders",
        "Key": {"pk": {"S": "a"}},
        "UpdateExpression": "SET #t.amount = :v, items[0].price = if_not_exists(price, :v) REMOVE note",
        "ConditionExpression": "attribute_exists(state) AND NOT begins_with(state, :v)",
        "ExpressionAttributeNames": {"#t": "total"},
    }
    assert keys("dynamodb", "UpdateItem", params)["dynamodb:Attributes"] == ["pk", "state", "total", "items", "price", "note"]


@pytest.mark.parametrize(
    ("params", "select"),
    [
        ({}, "ALL_ATTRIBUTES"),
        ({"IndexName": "i"}, "ALL_PROJECTED_ATTRIBUTES"),
        ({"ProjectionExpression": "a"}, "SPECIFIC_ATTRIBUTES"),
        ({"Select": "COUNT"}, "COUNT"),
    ],
)
def test_select_is_told_as_dynamodb_assumes_it(keys, params, select: str) -> None:
    assert keys("dynamodb", "Scan", {"TableName": "orders", **params})["dynamodb:Select"] == select


def test_a_select_without_a_key_is_a_full_scan(keys) -> None:
    assert keys("dynamodb", "ExecuteStatement", {"Statement": "SELECT * FROM orders"})["dynamodb:FullTableScan"] == "true"
    wanted = {"Statement": "SELECT * FROM orders WHERE pk = 'a'"}
    assert keys("dynamodb", "ExecuteStatement", wanted)["dynamodb:FullTableScan"] == "false"


def test_stream_records_are_asked_on_the_stream_of_the_iterator(asked) -> None:
    stream = f"{TABLE}/stream/2026"
    assert asked("dynamodbstreams", "GetRecords", {"ShardIterator": f"{stream}|1|AAA"}) == [("dynamodb:GetRecords", stream)]
    assert asked("dynamodbstreams", "DescribeStream", {"StreamArn": stream}) == [("dynamodb:DescribeStream", stream)]
