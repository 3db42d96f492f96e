deploy("""
PRICES = {"tea": 300, "coffee": 400}


def handler(event, context):
    cents = PRICES[event["item"]]
    if event.get("member"):
        cents -= 50
    return {"item": event["item"], "cents": cents}
""")
new = lambda_.publish_version(FunctionName=FUNCTION)["Version"]
lambda_.update_alias(
    FunctionName=FUNCTION,
    Name=ALIAS,
    FunctionVersion=version,
    RoutingConfig={"AdditionalVersionWeights": {new: 0.5}},
)
print(call(times=100))
