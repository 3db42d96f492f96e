definition["States"]["Refund"] = step("refund", "Release")
definition["States"]["Ship"]["Catch"] = [
    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Refund"}
]
put_machine(definition)
run({"id": "o-4", "cents": 700, "card": "good", "address": "nowhere"})
shop()
