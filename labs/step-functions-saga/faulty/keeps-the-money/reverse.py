definition["States"]["Ship"]["Catch"] = [
    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Release"}
]
put_machine(definition)
run({"id": "o-4", "cents": 700, "card": "good", "address": "nowhere"})
shop()
