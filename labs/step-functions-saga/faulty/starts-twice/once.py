def start(order):
    """Start the saga of an order, however often somebody asks for it."""
    text = json.dumps({"order": order})
    return stepfunctions.start_execution(
        stateMachineArn=machine_arn, input=text
    )["executionArn"]


name = f"o-8-{int(lab.now())}"  # every try of this cell is an order of its own
order = {"id": name, "cents": 400, "card": "good", "address": "12 High Street"}
print(start(order))
print(start(order))
time.sleep(30)
shop()
