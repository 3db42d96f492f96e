definition["States"]["Refund"] = step("refund", "Failed")
definition["States"]["ReleaseFirst"] = step("release", "Refund")
definition["States"]["Ship"]["Catch"] = [
    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "ReleaseFirst"}
]
put_machine(definition)
run({"id": "o-4", "cents": 700, "card": "good", "address": "nowhere"})
shop()
