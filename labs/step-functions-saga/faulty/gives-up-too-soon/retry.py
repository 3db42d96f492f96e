passing = ["BankBusy", "Lambda.TooManyRequestsException", "Lambda.ServiceException"]
again = {"ErrorEquals": passing, "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 1}
for name in ("Reserve", "Charge", "Ship", "Release"):
    definition["States"][name]["Retry"] = [again]
if "Refund" in definition["States"]:
    definition["States"]["Refund"]["Retry"] = [again]
put_machine(definition)
run({"id": "o-5", "cents": 500, "card": "busy", "address": "12 High Street"})
lab.faults.clear()
lab.faults.add(
    service="lambda",
    operation="Invoke",
    caller=f"*{MACHINE_ROLE}*",
    error="TooManyRequestsException",
    status=429,
    count=2,
)
run({"id": "o-6", "cents": 500, "card": "declined", "address": "12 High Street"})
lab.faults.clear()
shop()
