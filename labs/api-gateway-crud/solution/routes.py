made = {row["Name"]: row["ApiId"] for row in apigateway.get_apis()["Items"]}
api_id = made.get(API) or apigateway.create_api(Name=API, ProtocolType="HTTP")["ApiId"]
if API not in made:
    way = {
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": function_arn,
        "PayloadFormatVersion": "2.0",
    }
    integration = apigateway.create_integration(ApiId=api_id, **way)["IntegrationId"]
    for route in (
        "GET /parts",
        "POST /parts",
        "GET /parts/{id}",
        "PUT /parts/{id}",
        "DELETE /parts/{id}",
    ):
        apigateway.create_route(
            ApiId=api_id, RouteKey=route, Target=f"integrations/{integration}"
        )
    apigateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
try:
    lambda_.remove_permission(FunctionName=FUNCTION, StatementId="api")
except lambda_.exceptions.ResourceNotFoundException:
    pass
who = {
    "StatementId": "api",
    "Action": "lambda:InvokeFunction",
    "Principal": "apigateway.amazonaws.com",
}
own = f"arn:aws:execute-api:{region}:{account}:{api_id}/*/*"
lambda_.add_permission(FunctionName=FUNCTION, **who, SourceArn=own)
print(call("GET", "/parts"))
