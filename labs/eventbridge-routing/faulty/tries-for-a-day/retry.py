aim(SHIPPING_RULE, shipping_arn, DeadLetterConfig={"Arn": letters_arn})
lab.faults.clear()
lab.faults.add(
    service="lambda", operation="Invoke", error="TooManyRequestsException", status=429
)
place("C-1")
time.sleep(2 * 3600)
print("letters:", letters())
lab.faults.clear()
lab.story("retry", "drop", "dead letter", last=4)
