deploy("""
from ledger import MEMORY, charge, table


def handler(event, context):
    note = {"id": {"S": f"{event['order']}#{event['kind']}"}}
    try:
        table.put_item(
            TableName=MEMORY,
            Item={**note, "state": {"S": "OPEN"}, "owner": {"S": context.aws_request_id}},
            ConditionExpression=(
                "attribute_not_exists(id) OR (#state = :open AND #owner = :me)"
            ),
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues={
                ":open": {"S": "OPEN"},
                ":me": {"S": context.aws_request_id},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except table.exceptions.ConditionalCheckFailedException as error:
        found = error.response["Item"]
        if found["state"]["S"] != "DONE":
            raise RuntimeError(f"{event['order']} is being worked on") from error
        return
    try:
        charge(event)
    except Exception:
        table.delete_item(TableName=MEMORY, Key=note)
        raise
    table.update_item(
        TableName=MEMORY,
        Key=note,
        UpdateExpression="SET #state = :done",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":done": {"S": "DONE"}},
    )
""")
start("D-1")
lab.faults.clear()
lab.faults.add(
    service="dynamodb",
    operation="UpdateItem",
    resource=f"*{LEDGER}",
    latency_s=30,
    error="InternalServerError",
    status=500,
    count=1,
)
hand_over("D-1")
time.sleep(200)
print(lab.faults.struck(), balance("D-1"), "cents")
