"""HTTP APIs executed: routes, stages, events, answers, limits. Errors as the API Gateway guide words them."""

from __future__ import annotations

import base64
import io
import json
import urllib.request
import zipfile
from typing import Any

import pytest

from sandbox.account import inprocess_account, local_account

ECHO = "return {'statusCode': 200, 'body': json.dumps(event)}"


@pytest.mark.parametrize(
    ("path", "method", "route"),
    [
        ("/items/dog", "GET", "GET /items/dog"),
        ("/items/7", "GET", "GET /items/{id}"),
        ("/items/7", "PUT", "ANY /items/{id}"),
        ("/items/7/more/still", "GET", "GET /items/{proxy+}"),
        ("/else", "PATCH", "$default"),
        ("/items/", "GET", "$default"),
    ],
)
def test_the_most_specific_route_takes_the_request(gateway: Any, path: str, method: str, route: str) -> None:
    function = gateway.function(ECHO)
    keys = ("GET /items/dog", "GET /items/{id}", "ANY /items/{id}", "GET /items/{proxy+}", "$default")
    assert gateway.http_api(dict.fromkeys(keys, function)).event(path, method)["routeKey"] == route


def test_a_request_no_route_takes_is_not_found(gateway: Any) -> None:
    api = gateway.http_api({"GET /items": gateway.function()})
    answer = api.call("/other")
    assert (answer.status, json.loads(answer.body)) == (404, {"message": "Not Found"})
    assert answer.header("apigw-requestid")


def test_path_variables_are_decoded_and_a_greedy_one_keeps_its_slashes(gateway: Any) -> None:
    function = gateway.function(ECHO)
    api = gateway.http_api({"GET /a/{x}/b/{y}": function, "GET /files/{proxy+}": function})
    assert api.event("/a/one%20two/b/3")["pathParameters"] == {"x": "one two", "y": "3"}
    assert api.event("/files/a/b%2Fc")["pathParameters"] == {"proxy": "a/b/c"}


def test_a_named_stage_is_the_first_part_of_the_path_and_gives_its_variables(gateway: Any) -> None:
    api = gateway.http_api({"GET /items": gateway.function(ECHO)}, stage="dev")
    assert api.call("/items").status == 404
    api.client.update_stage(ApiId=api.api_id, StageName="dev", StageVariables={"table": "t1"})
    event = api.event("/dev/items")
    assert event["rawPath"] == "/dev/items"
    assert (event["requestContext"]["stage"], event["requestContext"]["http"]["path"]) == ("dev", "/dev/items")
    assert event["stageVariables"] == {"table": "t1"}


def test_a_stage_without_automatic_deployment_serves_what_was_deployed(gateway: Any) -> None:
    function = gateway.function(ECHO)
    api = gateway.http_api({"GET /one": function}, stage="unused")
    api.stage("live", AutoDeploy=False)
    assert api.call("/live/one").status == 404
    api.client.create_deployment(ApiId=api.api_id, StageName="live")
    api.route("GET /two", function)
    assert (api.call("/live/one").status, api.call("/live/two").status) == (200, 404)
    deployment = api.client.create_deployment(ApiId=api.api_id)["DeploymentId"]
    api.client.update_stage(ApiId=api.api_id, StageName="live", DeploymentId=deployment)
    assert api.call("/live/two").status == 200


def test_without_permission_the_answer_says_no_more_than_internal_server_error(gateway: Any) -> None:
    function = gateway.function(ECHO, permit=False)
    api = gateway.http_api({"GET /items/{id}": function})
    answer = api.call("/items/1")
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})
    permit = {"FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
    arn = f"arn:aws:execute-api:us-east-1:{gateway.account.account_id}:{api.api_id}"
    client = gateway.account.client("lambda")
    client.add_permission(**permit, StatementId="other", SourceArn=f"{arn}/*/POST/items/*")
    assert api.call("/items/1").status == 500
    client.add_permission(**permit, StatementId="this", SourceArn=f"{arn}/*/GET/items/*")
    assert api.call("/items/1").status == 200


def test_binary_bodies_arrive_as_base64_and_go_out_decoded(gateway: Any) -> None:
    body = "return {'statusCode': 201, 'headers': {'content-type': 'image/png'}, 'body': event['body'], 'isBase64Encoded': True}"
    api = gateway.http_api({"POST /": gateway.function(body), "PUT /": gateway.function(ECHO)})
    data = bytes(range(256))
    answer = api.call("/", "POST", {"Content-Type": "image/png"}, data)
    assert (answer.status, answer.header("content-type"), answer.body) == (201, "image/png", data)
    event = api.event("/", "PUT", {"Content-Type": "image/png"}, data)
    assert (event["isBase64Encoded"], base64.b64decode(event["body"])) == (True, data)


@pytest.mark.parametrize(
    ("returned", "status", "content_type", "body"),
    [
        ("{'a': 1}", 200, "application/json", b'{"a":1}'),
        ("'text'", 200, "application/json", b"text"),
        ("{'statusCode': 201, 'body': 'x'}", 201, "text/plain;charset=UTF-8", b"x"),
        ("{'statusCode': '404'}", 404, "text/plain;charset=UTF-8", b""),
        ("{'statusCode': 200, 'headers': {'Content-Type': 'text/html'}, 'body': '<p>'}", 200, "text/html", b"<p>"),
        ("{'statusCode': 'x'}", 500, "application/json", b'{"message": "Internal Server Error"}'),
        ("{'statusCode': 200, 'body': {'a': 1}}", 500, "application/json", b'{"message": "Internal Server Error"}'),
        ("1/0", 500, "application/json", b'{"message": "Internal Server Error"}'),
    ],
)
def test_format_2_infers_what_a_result_means(gateway: Any, returned: str, status: int, content_type: str, body: bytes) -> None:
    answer = gateway.http_api({"GET /": gateway.function(f"return {returned}")}).call()
    assert (answer.status, answer.header("content-type"), answer.body) == (status, content_type, body)


def test_cookies_are_apart_in_both_directions_of_format_2(gateway: Any) -> None:
    function = gateway.function("return {'statusCode': 200, 'cookies': ['a=1', 'b=2'], 'body': json.dumps(event['cookies'])}")
    answer = gateway.http_api({"GET /": function}).call("/", "GET", {"Cookie": "x=1; y=2"})
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert json.loads(answer.body) == ["x=1", "y=2"]


def test_format_1_has_several_values_for_a_name_and_needs_a_status(gateway: Any) -> None:
    api = gateway.http_api(
        {"GET /items/{id}": gateway.function(ECHO), "GET /bad": gateway.function("return {'a': 1}")}, payload="1.0"
    )
    event = api.event("/items/3?x=1&x=2")
    assert event["version"] == "1.0"
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/items/{id}", "/items/3", "GET")
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["queryStringParameters"] == {"x": "2"}
    assert event["requestContext"]["resourcePath"] == "/items/{id}"
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == (None, False, None)
    assert api.call("/bad").status == 500


def test_a_function_slower_than_its_integration_is_a_503_and_runs_on(gateway: Any) -> None:
    api = gateway.http_api({})
    api.route("GET /", gateway.function("time.sleep(5)\nprint('still here')\nreturn {}"), timeout_ms=2_000)
    begun = gateway.account.account.clock.now()
    answer = api.call()
    assert (answer.status, json.loads(answer.body)) == (503, {"message": "Service Unavailable"})
    assert gateway.account.account.clock.now() - begun >= 2


def test_a_route_s_limit_turns_the_next_request_away_until_tokens_come_back(gateway: Any) -> None:
    api = gateway.http_api({"GET /a": gateway.function(ECHO)}, stage="unused")
    api.stage(
        "$default",
        DefaultRouteSettings={"ThrottlingBurstLimit": 100, "ThrottlingRateLimit": 100},
        RouteSettings={"GET /a": {"ThrottlingBurstLimit": 1, "ThrottlingRateLimit": 1}},
    )
    assert api.call("/a").status == 200
    answer = api.call("/a")
    assert (answer.status, json.loads(answer.body)) == (429, {"message": "Too Many Requests"})
    gateway.account.control.advance(1)
    assert api.call("/a").status == 200


def test_cors_is_answered_and_written_by_the_api(gateway: Any) -> None:
    function = gateway.function("return {'statusCode': 200, 'headers': {'access-control-allow-origin': 'x'}, 'body': ''}")
    api = gateway.http_api(
        {"GET /": function},
        CorsConfiguration={
            "AllowOrigins": ["https://a.example"],
            "AllowMethods": ["GET", "POST"],
            "AllowHeaders": ["x-a"],
            "MaxAge": 9,
        },
    )
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    preflight = api.call("/anything", "OPTIONS", asked)
    assert preflight.status == 204
    assert preflight.header("access-control-allow-origin") == "https://a.example"
    assert preflight.header("access-control-allow-methods") == "GET,POST"
    assert preflight.header("access-control-max-age") == "9"
    assert api.call("/", "GET", {"Origin": "https://a.example"}).header("access-control-allow-origin") == "https://a.example"
    assert not api.call("/anything", "OPTIONS", asked | {"Origin": "https://b.example"}).header("access-control-allow-origin")


def test_quick_create_makes_a_default_route_and_stage(gateway: Any) -> None:
    client = gateway.account.client("apigatewayv2")
    made = client.create_api(Name="quick", ProtocolType="HTTP", Target=gateway.function(ECHO))
    assert json.loads(gateway.account.http_call(made["ApiEndpoint"] + "/any/where").body)["routeKey"] == "$default"


def test_a_switched_off_endpoint_and_an_unknown_api_are_forbidden(gateway: Any) -> None:
    api = gateway.http_api({"GET /": gateway.function(ECHO)})
    api.client.update_api(ApiId=api.api_id, DisableExecuteApiEndpoint=True)
    unknown = gateway.account.http_call("https://abcdefghij.execute-api.us-east-1.amazonaws.com/")
    for answer in (api.call(), unknown):
        assert (answer.status, json.loads(answer.body)) == (403, {"message": "Forbidden"})


def test_a_fault_for_execute_api_ends_the_request(gateway: Any) -> None:
    api = gateway.http_api({"GET /": gateway.function(ECHO)})
    gateway.account.control.add_fault(service="execute-api", operation="Invoke", error={"code": "Broken", "status": 502})
    assert api.call().status == 502


def test_requests_are_recorded_measured_logged_and_on_the_timeline(gateway: Any) -> None:
    logs = gateway.account.client("logs")
    logs.create_log_group(logGroupName="access")
    arn = f"arn:aws:logs:us-east-1:{gateway.account.account_id}:log-group:access"
    api = gateway.http_api({"GET /a": gateway.function(ECHO)}, stage="unused")
    api.stage(
        "$default", AccessLogSettings={"DestinationArn": arn, "Format": '{"s": "$context.status", "r": "$context.routeKey"}'}
    )
    api.call("/a")
    api.call("/none")
    lines = [row["message"] for row in logs.filter_log_events(logGroupName="access")["events"]]
    assert [json.loads(line) for line in lines] == [{"s": "200", "r": "GET /a"}, {"s": "404", "r": "-"}]
    core = gateway.account.account
    calls = [(row.operation, row.status) for row in core.calls if row.service == "execute-api"]
    assert calls == [("Invoke", 200), ("Invoke", 404)]
    entry = next(row for row in core.timeline if row.kind == "url")
    invoke = next(row for row in core.timeline if row.kind == "invoke")
    assert invoke.cause == entry.id
    names = {row.name for row in core.metrics.series(core.settings.account_id, "us-east-1", "AWS/ApiGateway")}
    assert {"Count", "4xx", "5xx", "Latency"} <= names


def test_natively_the_endpoint_is_a_path_that_any_client_reaches() -> None:
    with local_account(seed=5) as account:
        client = account.client("apigatewayv2")
        made = client.create_api(Name="shop", ProtocolType="HTTP")
        client.create_stage(ApiId=made["ApiId"], StageName="$default", AutoDeploy=True)
        assert made["ApiEndpoint"] == f"{account.endpoint_url}/execute-api/{made['ApiId']}"
        assert client.get_apis()["Items"][0]["ApiEndpoint"] == made["ApiEndpoint"]
        request = urllib.request.Request(made["ApiEndpoint"] + "/x", method="GET")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert (caught.value.code, json.loads(caught.value.read())) == (404, {"message": "Not Found"})


def test_a_reset_forgets_apis_and_deployments() -> None:
    with inprocess_account(seed=4) as account:
        client = account.client("apigatewayv2")
        made = client.create_api(Name="shop", ProtocolType="HTTP")
        account.reset()
        assert account.http_call(made["ApiEndpoint"] + "/").status == 403


@pytest.mark.parametrize("virtual", [False, True])
def test_natively_a_slow_function_answers_within_its_time(virtual: bool) -> None:
    """Also in virtual time, which stands still while a child process works."""
    with local_account(seed=5, virtual_time=virtual) as account:
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = account.client("iam").create_role(RoleName="f", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", "import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return {'ok': 1}\n")
        functions = account.client("lambda")
        arn = functions.create_function(
            FunctionName="f", Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": package.getvalue()}
        )["FunctionArn"]
        functions.add_permission(
            FunctionName="f", StatementId="a", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
        )
        made = account.client("apigatewayv2").create_api(Name="quick", ProtocolType="HTTP", Target=arn)
        with urllib.request.urlopen(made["ApiEndpoint"] + "/x") as answer:
            assert json.load(answer) == {"ok": 1}
