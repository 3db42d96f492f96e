def allow_public(statement_id, **permission):
    """Let anybody do one thing; a statement that is there already stays."""
    try:
        lambda_.add_permission(
            FunctionName=FUNCTION, StatementId=statement_id, Principal="*", **permission
        )
    except lambda_.exceptions.ResourceConflictException:
        pass


try:
    lambda_.create_function_url_config(FunctionName=FUNCTION, AuthType="NONE")
except lambda_.exceptions.ResourceConflictException:
    pass
allow_public("public-url", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")

url = lambda_.get_function_url_config(FunctionName=FUNCTION)["FunctionUrl"]
print(url)
print(call(url))
