source = """
def handler(event, context):
    return "Hello from Lambda"
"""


def deploy(source):
    """Create the function, or give it new code when it is there already."""
    configuration = {
        "FunctionName": FUNCTION,
        "Runtime": "python3.14",
        "Role": iam.get_role(RoleName=ROLE)["Role"]["Arn"],
        "Handler": "app.handler",
    }
    try:
        lambda_.create_function(Code={"ZipFile": package(source)}, **configuration)
    except lambda_.exceptions.ResourceConflictException:
        lambda_.update_function_code(FunctionName=FUNCTION, ZipFile=package(source))
        lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
        lambda_.update_function_configuration(**configuration)
        lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
    lambda_.get_waiter("function_active_v2").wait(FunctionName=FUNCTION)


deploy(source)
answer = lambda_.invoke(FunctionName=FUNCTION, Payload=b"{}")
print(answer["StatusCode"], answer["Payload"].read().decode())
