definition["States"]["Release"] = step("release", "Failed")
definition["States"]["Failed"] = {
    "Type": "Fail",
    "Error": "OrderFailed",
    "Cause": "the order was taken back",
}
definition["States"]["Charge"]["Catch"] = [
    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Release"}
]
put_machine(definition)
run({"id": "o-3", "cents": 500, "card": "declined", "address": "12 High Street"})
shop()
