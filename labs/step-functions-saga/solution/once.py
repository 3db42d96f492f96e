def start(order):
    """Start the saga of an order, however often somebody asks for it."""
    text = json.dumps({"order": order})
    try:
        return stepfunctions.start_execution(
            stateMachineArn=machine_arn, name=order["id"], input=text
        )["executionArn"]
    except stepfunctions.exceptions.ExecutionAlreadyExists:  # it has ended by now
        return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{order['id']}"


name = f"o-8-{int(lab.now())}"  # every try of this cell is an order of its own
order = {"id": name, "cents": 400, "card": "good", "address": "12 High Street"}
print(start(order))
print(start(order))
time.sleep(30)
shop()
