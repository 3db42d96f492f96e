PAY = """
def pay(order):
    mark = {
        "TableName": TABLE,
        "Item": {"pk": {"S": "payment"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    money = {
        "TableName": TABLE,
        "Key": {"pk": {"S": "till"}},
        "UpdateExpression": "ADD amount :n",
    }
    money["ExpressionAttributeValues"] = {":n": {"N": str(order["cents"])}}
    try:
        db.transact_write_items(TransactItems=[{"Put": mark}, {"Update": money}])
    except db.exceptions.TransactionCanceledException:
        return
    done(order, "charged")
"""
deploy(SERVICES + PAY)
run({"id": "o-7", "cents": 900, "card": "no-answer", "address": "12 High Street"})
shop()
