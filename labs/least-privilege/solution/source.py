deploy(STRANGER, queue_url)
print("the stranger, before:", run({"order": "A-1"}, STRANGER))
for statement in needed:
    if statement["Sid"] == "ReadOrders":
        own = f"arn:aws:lambda:{region}:{account}:function:{FUNCTION}"
        statement["Condition"] = {"ArnEquals": {"lambda:SourceFunctionArn": own}}
give(*needed)
print("the stranger, after: ", run({"order": "A-1"}, STRANGER))
print("this function:       ", run({"order": "A-1"}))
