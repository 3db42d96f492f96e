lambda_.update_function_url_config(FunctionName=FUNCTION, AuthType="AWS_IAM")
for statement_id in ("public-url", "public-invoke"):
    try:
        lambda_.remove_permission(FunctionName=FUNCTION, StatementId=statement_id)
    except lambda_.exceptions.ResourceNotFoundException:
        pass  # taken back already: this cell has run before
print(call(url + "?name=Ada"))
