deploy("""
from ledger import MEMORY, charge, table


def handler(event, context):
    note = {"id": {"S": f"{event['order']}#{event['kind']}"}}
    remember = {
        "TableName": MEMORY,
        "Item": note,
        "ConditionExpression": "attribute_not_exists(id)",
    }
    try:
        table.transact_write_items(TransactItems=[{"Put": remember}])
    except table.exceptions.TransactionCanceledException as error:
        if error.response["CancellationReasons"][0]["Code"] != "ConditionalCheckFailed":
            raise
        print(f"{event['order']} is done already")
        return
    charge(event)
""")
start("E-1")
lab.faults.clear()
lab.faults.add(
    service="dynamodb",
    resource=f"*{LEDGER}",
    caller=f"*{ROLE}*",
    error="InternalServerError",
    status=500,
    count=1,
)
hand_over("E-1", sent_at="09:00")
hand_over("E-1", sent_at="09:01")
time.sleep(200)
print(lab.faults.struck(), balance("E-1"), "cents")
