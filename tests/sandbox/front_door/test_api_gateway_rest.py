"""REST APIs executed: resources, deployments, integrations, validation, gateway responses."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

import pytest

from sandbox.account import local_account

ECHO = "return {'statusCode': 200, 'body': json.dumps(event)}"
MISSING = {"message": "Missing Authentication Token"}


def test_the_event_has_the_recorded_fields_and_no_others(gateway: Any, rest: Any) -> None:
    """Recorded: localstack/localstack tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json (proxy integration)."""
    rest.method("ANY", "/{proxy+}", gateway.function(ECHO))
    rest.deploy()
    event = rest.event("/test-path/?urlparam=test", "GET", {"tEsT-HEADeR": "aValUE"})
    assert set(event) == {
        "body", "headers", "httpMethod", "isBase64Encoded", "multiValueHeaders", "multiValueQueryStringParameters", "path",
        "pathParameters", "queryStringParameters", "requestContext", "resource", "stageVariables",
    }  # fmt: skip
    assert (event["path"], event["resource"], event["pathParameters"]) == ("/test-path/", "/{proxy+}", {"proxy": "test-path"})
    assert (event["queryStringParameters"], event["stageVariables"], event["body"]) == ({"urlparam": "test"}, None, None)
    assert event["headers"]["tEsT-HEADeR"] == "aValUE"
    assert event["multiValueHeaders"]["tEsT-HEADeR"] == ["aValUE"]
    context = event["requestContext"]
    assert set(context) == {
        "accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod", "identity", "path",
        "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "stage",
    }  # fmt: skip
    assert (context["path"], context["resourcePath"], context["stage"]) == ("/dev/test-path/", "/{proxy+}", "dev")
    assert set(context["identity"]) == {
        "accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType", "cognitoIdentityId",
        "cognitoIdentityPoolId", "principalOrgId", "sourceIp", "user", "userAgent", "userArn",
    }  # fmt: skip


def test_a_change_shows_after_it_is_deployed_and_a_stage_keeps_its_settings(gateway: Any, rest: Any) -> None:
    function = gateway.function(ECHO)
    rest.method("GET", "/a", function)
    rest.deploy()
    patch = [{"op": "replace", "path": "/variables/table", "value": "t1"}]
    rest.client.update_stage(restApiId=rest.api_id, stageName="dev", patchOperations=patch)
    rest.method("GET", "/b", function)
    assert json.loads(rest.call("/b").body) == MISSING
    rest.deploy()
    assert rest.event("/b")["stageVariables"] == {"table": "t1"}


def test_what_is_not_there_asks_for_a_token_or_is_forbidden(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO))
    rest.deploy()
    for path, verb in (("/none", "GET"), ("/a", "POST"), ("/", "GET")):
        answer = rest.call(path, verb)
        assert (answer.status, json.loads(answer.body)) == (403, MISSING)
        assert answer.header("x-amzn-errortype") == "MissingAuthenticationTokenException"
    other = rest.account.http_call(f"https://{rest.api_id}.execute-api.us-east-1.amazonaws.com/other/a")
    assert (other.status, json.loads(other.body)) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize(
    ("returned", "status"),
    [("{'statusCode': 204}", 204), ("{'a': 1}", 502), ("'text'", 502), ("1/0", 502), ("{'statusCode': 200, 'body': {}}", 502)],
)
def test_a_function_that_answers_wrongly_is_a_bad_gateway(gateway: Any, rest: Any, returned: str, status: int) -> None:
    rest.method("GET", "/", gateway.function(f"return {returned}"))
    rest.deploy()
    answer = rest.call()
    assert answer.status == status
    if status == 502:
        assert json.loads(answer.body) == {"message": "Internal server error"}
        assert answer.header("x-amzn-errortype") == "InternalServerErrorException"


def test_without_permission_it_is_an_internal_error(gateway: Any, rest: Any) -> None:
    function = gateway.function(ECHO, permit=False)
    rest.method("GET", "/items/{id}", function)
    rest.deploy()
    answer = rest.call("/items/1")
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal server error"})
    gateway.account.client("lambda").add_permission(
        FunctionName=function,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{gateway.account.account_id}:{rest.api_id}/*/GET/items/*",
    )
    assert rest.call("/items/1").status == 200


def test_a_function_slower_than_the_integration_times_out(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/", gateway.function("time.sleep(40)\nreturn {'statusCode': 200}"))
    rest.deploy()
    answer = rest.call()
    assert (answer.status, json.loads(answer.body)) == (504, {"message": "Endpoint request timed out"})


def test_headers_with_several_values_go_out_as_several(gateway: Any, rest: Any) -> None:
    returned = "{'statusCode': 200, 'multiValueHeaders': {'Set-Cookie': ['a=1', 'b=2']}, 'headers': {'x-a': 'y'}, 'body': 'ok'}"
    rest.method("GET", "/", gateway.function(f"return {returned}"))
    rest.deploy()
    answer = rest.call()
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert (answer.header("x-a"), answer.header("content-type")) == ("y", "application/json")
    assert answer.header("x-amzn-requestid")
    assert answer.header("x-amz-apigw-id")


def test_binary_media_types_decide_what_is_base64(gateway: Any, rest: Any) -> None:
    body = "return {'statusCode': 200, 'headers': {'Content-Type': 'image/png'}, 'body': event['body'], 'isBase64Encoded': True}"
    rest.method("POST", "/", gateway.function(body))
    rest.client.update_rest_api(
        restApiId=rest.api_id, patchOperations=[{"op": "add", "path": "/binaryMediaTypes/image~1png", "value": "image/png"}]
    )
    rest.deploy()
    data = bytes(range(200))
    assert rest.call("/", "POST", {"Content-Type": "image/png", "Accept": "image/png"}, data).body == data
    assert rest.call("/", "POST", {"Content-Type": "image/png"}, data).body == base64.b64encode(data)


def test_a_mock_answers_a_preflight_without_a_function(rest: Any) -> None:
    rest.method("OPTIONS", "/a", kind="MOCK", integration={"requestTemplates": {"application/json": '{"statusCode": 200}'}})
    allow = {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
    }
    rest.answer("OPTIONS", "/a", "200", responseParameters=allow, responseTemplates={"application/json": ""})
    rest.deploy()
    answer = rest.call("/a", "OPTIONS")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("access-control-allow-methods") == "GET,OPTIONS"


def test_a_mock_s_templates_choose_the_answer_and_fill_it(rest: Any) -> None:
    choose = '#if($input.params("fail") == "yes"){"statusCode": 400}#else{"statusCode": 200}#end'
    rest.method("GET", "/a/{id}", kind="MOCK", integration={"requestTemplates": {"application/json": choose}})
    written = '{"id": "$input.params(\'id\')", "stage": "$context.stage"}'
    rest.answer("GET", "/a/{id}", "200", responseTemplates={"application/json": written})
    rest.answer("GET", "/a/{id}", "400", selectionPattern="4\\d\\d", responseTemplates={"application/json": '{"bad": true}'})
    rest.deploy()
    good, bad = rest.call("/a/7"), rest.call("/a/7?fail=yes")
    assert (good.status, json.loads(good.body)) == (200, {"id": "7", "stage": "dev"})
    assert (bad.status, json.loads(bad.body)) == (400, {"bad": True})


def test_a_function_behind_templates_gets_and_gives_what_they_map(gateway: Any, rest: Any) -> None:
    function = gateway.function(
        "if event['n'] > 1: raise ValueError('[BadRequest] too many')\nreturn {'list': [event['n'], 'x']}"
    )
    template = "{\"n\": $input.json('$.count')}"
    rest.method("POST", "/", function, kind="AWS", integration={"requestTemplates": {"application/json": template}})
    rest.answer("POST", "/", "200", responseTemplates={"application/json": "{\"first\": $input.path('$.list[0]')}"})
    written = '{"error": "$input.path(\'$.errorMessage\')"}'
    rest.answer("POST", "/", "400", selectionPattern=".*BadRequest.*", responseTemplates={"application/json": written})
    rest.deploy()
    good, bad = rest.call("/", "POST", {}, b'{"count": 1}'), rest.call("/", "POST", {}, b'{"count": 2}')
    assert (good.status, json.loads(good.body)) == (200, {"first": 1})
    assert (bad.status, json.loads(bad.body)) == (400, {"error": "[BadRequest] too many"})


def test_a_validator_refuses_missing_parameters_and_bodies_that_do_not_fit(gateway: Any, rest: Any) -> None:
    """Messages recorded: localstack/localstack tests/aws/services/apigateway/test_apigateway_common.snapshot.json."""
    validator = rest.client.create_request_validator(
        restApiId=rest.api_id, name="all", validateRequestBody=True, validateRequestParameters=True
    )["id"]
    schema = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "n": {"type": "integer"}}}
    rest.client.create_model(restApiId=rest.api_id, name="item", contentType="application/json", schema=json.dumps(schema))
    rest.method(
        "POST",
        "/a",
        gateway.function(ECHO),
        requestValidatorId=validator,
        requestParameters={"method.request.querystring.kind": True, "method.request.header.x-other": False},
        requestModels={"application/json": "item"},
    )
    rest.deploy()
    json_type = {"Content-Type": "application/json"}
    missing = rest.call("/a", "POST", json_type, b'{"name": "x"}')
    assert (missing.status, json.loads(missing.body)) == (400, {"message": "Missing required request parameters: [kind]"})
    for body in (b"{}", b'{"name": 1}', b"no json", b""):
        answer = rest.call("/a?kind=b", "POST", json_type, body)
        assert (answer.status, json.loads(answer.body)) == (400, {"message": "Invalid request body"})
    assert rest.call("/a?kind=b", "POST", json_type, b'{"name": "x", "n": 2}').status == 200


def test_gateway_responses_are_the_api_s_own_where_it_has_some(rest: Any) -> None:
    rest.method("GET", "/a", kind="MOCK", integration={"requestTemplates": {"application/json": '{"statusCode": 200}'}})
    rest.answer("GET", "/a", "200")
    rest.client.put_gateway_response(
        restApiId=rest.api_id,
        responseType="MISSING_AUTHENTICATION_TOKEN",
        statusCode="404",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"error": $context.error.messageString, "path": "$context.path"}'},
    )
    rest.deploy()
    answer = rest.call("/none")
    assert (answer.status, json.loads(answer.body)) == (404, {"error": "Missing Authentication Token", "path": "/dev/none"})
    assert answer.header("access-control-allow-origin") == "*"


def test_a_method_setting_throttles_the_stage(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO))
    rest.deploy()
    patches = [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "1"},
    ]
    rest.client.update_stage(restApiId=rest.api_id, stageName="dev", patchOperations=patches)
    assert rest.call("/a").status == 200
    answer = rest.call("/a")
    assert (answer.status, json.loads(answer.body)) == (429, {"message": "Too Many Requests"})
    assert answer.header("x-amzn-errortype") == "TooManyRequestsException"
    gateway.account.control.advance(2)
    assert rest.call("/a").status == 200


def test_integrations_that_cannot_be_done_say_so(rest: Any) -> None:
    rest.method("GET", "/", kind="HTTP_PROXY", integration={"uri": "https://example.com", "integrationHttpMethod": "GET"})
    rest.deploy()
    answer = rest.call()
    assert answer.status == 501
    assert "HTTP_PROXY" in json.loads(answer.body)["message"]


def test_a_method_is_tried_out_before_it_is_deployed(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/items/{id}", gateway.function(ECHO), authorizationType="AWS_IAM")
    resource = rest.resource("/items/{id}")
    tried = rest.client.test_invoke_method(
        restApiId=rest.api_id,
        resourceId=resource,
        httpMethod="GET",
        pathWithQueryString="/items/7?x=1",
        headers={"x-a": "b"},
        stageVariables={"table": "t1"},
    )
    event = json.loads(tried["body"])
    assert (tried["status"], event["pathParameters"], event["queryStringParameters"]) == (200, {"id": "7"}, {"x": "1"})
    assert (event["stageVariables"], event["requestContext"]["stage"]) == ({"table": "t1"}, "test-invoke-stage")
    assert "Method completed with status: 200" in tried["log"]


def test_methods_and_integrations_are_patched(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function("return {'statusCode': 200, 'body': 'one'}"))
    where = {"restApiId": rest.api_id, "resourceId": rest.resource("/a"), "httpMethod": "GET"}
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{gateway.function(ECHO)}/invocations"
    changed = rest.client.update_integration(
        **where,
        patchOperations=[
            {"op": "replace", "path": "/uri", "value": uri},
            {"op": "replace", "path": "/timeoutInMillis", "value": "3000"},
        ],
    )
    assert (changed["uri"], changed["timeoutInMillis"]) == (uri, 3000)
    method = rest.client.update_method(**where, patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "true"}])
    assert method["apiKeyRequired"] is True
    rest.deploy()
    assert rest.call("/a").status == 403


def test_natively_a_stage_is_a_path_that_any_client_reaches() -> None:
    with local_account(seed=6) as account:
        client = account.client("apigateway")
        api_id = client.create_rest_api(name="shop")["id"]
        root = client.get_resources(restApiId=api_id)["items"][0]["id"]
        place = {"restApiId": api_id, "resourceId": root, "httpMethod": "GET"}
        client.put_method(**place, authorizationType="NONE")
        client.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
        client.put_integration_response(**place, statusCode="200", responseTemplates={"application/json": '{"ok": true}'})
        client.create_deployment(restApiId=api_id, stageName="dev")
        with urllib.request.urlopen(f"{account.endpoint_url}/execute-api/{api_id}/dev/") as answer:
            assert (answer.status, json.load(answer)) == (200, {"ok": True})
