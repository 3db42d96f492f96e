deploy("""
import time

from ledger import MEMORY, charging, table


def handler(event, context):
    note = {
        "id": {"S": f"{event['order']}#{event['kind']}"},
        "expires": {"N": str(int(time.time()) + 14 * 86400)},
    }
    remember = {
        "TableName": MEMORY,
        "Item": note,
        "ConditionExpression": "attribute_not_exists(id)",
    }
    try:
        table.transact_write_items(
            TransactItems=[{"Put": remember}, {"Update": charging(event)}]
        )
    except table.exceptions.TransactionCanceledException as error:
        if error.response["CancellationReasons"][0]["Code"] != "ConditionalCheckFailed":
            raise
        print(f"{event['order']} is done already")
""")
if (
    dynamodb.describe_time_to_live(
        TableName=MEMORY
    )["TimeToLiveDescription"]["TimeToLiveStatus"]
    == "DISABLED"
):
    print("no time to live yet")
start("F-1")
hand_over("F-1")
time.sleep(5)
print(dynamodb.get_item(TableName=MEMORY, Key={"id": {"S": "F-1#charge"}}).get("Item"))
