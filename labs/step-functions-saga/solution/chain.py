role_for(
    "states.amazonaws.com",
    MACHINE_ROLE,
    [{"Action": "lambda:InvokeFunction", "Resource": function_arn}],
)


def step(action, after):
    """A state that has the function do something for the order, and goes on."""
    payload = {"action": action, "order.$": "$.order"}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, "Payload": payload},
        "ResultPath": None,
        "Next": after,
    }


definition = {
    "StartAt": "Reserve",
    "States": {
        "Reserve": step("reserve", "Charge"),
        "Charge": step("charge", "Ship"),
        "Ship": step("ship", "Sold"),
        "Sold": {"Type": "Succeed"},
    },
}
put_machine(definition)
run({"id": "o-1", "cents": 500, "card": "good", "address": "12 High Street"})
shop()
