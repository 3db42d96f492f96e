lambda_.update_function_url_config(FunctionName=FUNCTION, AuthType="NONE")
for statement_id in ("public-url", "public-invoke"):
    lambda_.remove_permission(FunctionName=FUNCTION, StatementId=statement_id)
print(call(url + "?name=Ada"))
