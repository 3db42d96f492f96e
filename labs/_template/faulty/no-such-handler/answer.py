source = """
def handler(event, context):
    return {"doubled": 2 * event["number"]}
"""


def deploy(source):
    """Create the function, or give it new code when it is there already."""
    role = iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    code = package(source)
    try:
        lambda_.create_function(
            FunctionName=FUNCTION,
            Runtime="python3.14",
            Role=role,
            Handler="app.main",
            Code={"ZipFile": code},
        )
    except lambda_.exceptions.ResourceConflictException:
        lambda_.update_function_code(FunctionName=FUNCTION, ZipFile=code)
        lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
    lambda_.get_waiter("function_active_v2").wait(FunctionName=FUNCTION)


deploy(source)
answer = lambda_.invoke(FunctionName=FUNCTION, Payload=json.dumps({"number": 21}).encode())
print(answer["Payload"].read().decode())
