deploy("""
PRICES = {"tea": 300, "coffee": 400}


def handler(event, context):
    return {"item": event["item"], "cents": PRICES[event["item"]]}
""")
version = lambda_.publish_version(FunctionName=FUNCTION)["Version"]
try:
    lambda_.create_alias(FunctionName=FUNCTION, Name=ALIAS, FunctionVersion=version)
except lambda_.exceptions.ResourceConflictException:
    lambda_.update_alias(FunctionName=FUNCTION, Name=ALIAS, FunctionVersion=version)
print(call())
