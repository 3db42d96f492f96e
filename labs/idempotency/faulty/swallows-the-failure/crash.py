deploy("""
from ledger import MEMORY, charge, table


def handler(event, context):
    note = {"id": {"S": f"{event['order']}#{event['kind']}"}}
    try:
        table.put_item(
            TableName=MEMORY, Item=note, ConditionExpression="attribute_not_exists(id)"
        )
    except table.exceptions.ConditionalCheckFailedException:
        print(f"{event['order']} is done already")
        return
    try:
        charge(event)
    except Exception as error:
        print(f"{event['order']} could not be charged: {error}")
        table.delete_item(TableName=MEMORY, Key=note)
""")
start("C-1")
lab.faults.clear()
lab.faults.add(
    service="dynamodb",
    operation="UpdateItem",
    caller=f"*{ROLE}*",
    error="InternalServerError",
    status=500,
    count=1,
)
hand_over("C-1")
time.sleep(70)
print(lab.faults.struck(), balance("C-1"), "cents")
