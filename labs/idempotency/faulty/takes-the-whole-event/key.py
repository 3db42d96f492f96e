deploy("""
from ledger import MEMORY, charge, table


def key(event, context):
    return str(sorted(event.items()))


def handler(event, context):
    try:
        table.put_item(
            TableName=MEMORY,
            Item={"id": {"S": key(event, context)}},
            ConditionExpression="attribute_not_exists(id)",
        )
    except table.exceptions.ConditionalCheckFailedException:
        print(f"{key(event, context)} is done already")
        return
    charge(event)
""")
start("B-1")
hand_over("B-1", sent_at="09:00")
hand_over("B-1", sent_at="09:01")
hand_over("B-1", kind="refund", cents=100, sent_at="09:30")
time.sleep(5)
print(balance("B-1"), "cents")
