lambda_.update_function_url_config(FunctionName=FUNCTION, AuthType="AWS_IAM")
print(call(url + "?name=Ada"))
