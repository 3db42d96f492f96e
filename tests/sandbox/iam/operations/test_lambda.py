from __future__ import annotations

import pytest

HELLO = "arn:aws:lambda:us-east-1:123456789012:function:hello"
ROLE = "arn:aws:iam::123456789012:role/app"


@pytest.mark.parametrize(
    "name",
    ["hello", "123456789012:function:hello", "function:hello", HELLO, f"{HELLO}:prod"],
)
def test_every_spelling_of_a_name_means_the_function(asked, name: str) -> None:
    assert asked("lambda", "GetFunction", {"FunctionName": name}) == [("lambda:GetFunction", HELLO)]


def test_a_foreign_function_keeps_its_account_and_region(asked) -> None:
    other = "arn:aws:lambda:eu-west-1:999999999999:function:hello"
    assert asked("lambda", "GetFunction", {"FunctionName": other}) == [("lambda:GetFunction", other)]
    assert asked("lambda", "GetFunction", {"FunctionName": "999999999999:function:hello"})[0][1].split(":")[4] == "999999999999"


@pytest.mark.parametrize(
    ("params", "resource"),
    [
        ({"FunctionName": "hello"}, HELLO),
        ({"FunctionName": "hello", "Qualifier": "prod"}, f"{HELLO}:prod"),
        ({"FunctionName": "hello:3"}, f"{HELLO}:3"),
        ({"FunctionName": f"{HELLO}:$LATEST"}, f"{HELLO}:$LATEST"),
    ],
)
def test_invoke_is_invoke_function_on_the_arn_as_addressed(asked, params, resource: str) -> None:
    assert asked("lambda", "Invoke", params) == [("lambda:InvokeFunction", resource)]
    assert asked("lambda", "InvokeWithResponseStream", params) == [("lambda:InvokeFunction", resource)]


def test_a_function_url_needs_two_permissions(asked, keys) -> None:
    params = {"FunctionName": "hello", "FunctionUrlAuthType": "AWS_IAM"}
    assert asked("lambda", "InvokeFunctionUrl", params) == [("lambda:InvokeFunctionUrl", HELLO), ("lambda:InvokeFunction", HELLO)]
    assert keys("lambda", "InvokeFunctionUrl", params)["lambda:FunctionUrlAuthType"] == "AWS_IAM"


def test_creating_a_function_passes_its_role_and_reads_its_layers_and_code(asked) -> None:
    layer = "arn:aws:lambda:us-east-1:999999999999:layer:tools:3"
    params = {"FunctionName": "hello", "Role": ROLE, "Layers": [layer], "Code": {"S3Bucket": "code", "S3Key": "a.zip"}}
    assert asked("lambda", "CreateFunction", params) == [
        ("lambda:CreateFunction", HELLO),
        ("iam:PassRole", ROLE),
        ("lambda:GetLayerVersion", layer),
        ("s3:GetObject", "arn:aws:s3:::code/a.zip"),
    ]


def test_pass_role_says_to_whom(keys) -> None:
    from sandbox.iam.operations import CallSite, checks_for
    from sandbox.iam.principal import Principal

    where = CallSite("123456789012", "us-east-1", Principal("user", "123456789012", "arn:aws:iam::123456789012:user/b"))
    passed = checks_for("lambda", "UpdateFunctionConfiguration", {"FunctionName": "hello", "Role": ROLE}, where)[1]
    assert passed.context["iam:PassedToService"] == "lambda.amazonaws.com"
    assert passed.context["iam:AssociatedResourceArn"] == HELLO


def test_a_configuration_without_a_role_passes_none(asked) -> None:
    params = {"FunctionName": "hello", "Timeout": 9}
    assert asked("lambda", "UpdateFunctionConfiguration", params) == [("lambda:UpdateFunctionConfiguration", HELLO)]


def test_vpc_and_layers_are_conditions(keys) -> None:
    params = {"FunctionName": "hello", "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}, "Layers": ["a"]}
    found = keys("lambda", "CreateFunction", params, known={("ec2:vpc", "subnet-1"): "vpc-1"})
    assert found["lambda:SubnetIds"] == ["subnet-1"]
    assert found["lambda:VpcIds"] == ["vpc-1"]
    assert found["lambda:Layer"] == ["a"]


@pytest.mark.parametrize(
    ("operation", "params", "wanted"),
    [
        ("GetLayerVersion", {"LayerName": "tools", "VersionNumber": 2}, "arn:aws:lambda:us-east-1:123456789012:layer:tools:2"),
        ("PublishLayerVersion", {"LayerName": "tools"}, "arn:aws:lambda:us-east-1:123456789012:layer:tools"),
        ("ListFunctions", {}, "*"),
        # awsdocs/aws-lambda-developer-guide pull request 204: by layer, as its denials say (keithrozario/Klayers issue 81)
        ("ListLayerVersions", {"LayerName": "tools"}, "arn:aws:lambda:us-east-1:123456789012:layer:tools"),
        ("PutProvisionedConcurrencyConfig", {"FunctionName": "hello", "Qualifier": "prod"}, f"{HELLO}:prod"),
        ("GetEventSourceMapping", {"UUID": "u-1"}, "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:u-1"),
        ("CreateEventSourceMapping", {"FunctionName": "hello"}, "*"),
        ("TagResource", {"Resource": HELLO, "Tags": {"a": "b"}}, HELLO),
    ],
)
def test_other_resources(asked, operation: str, params, wanted: str) -> None:
    assert asked("lambda", operation, params) == [(f"lambda:{operation}", wanted)]


def test_a_mapping_is_conditioned_on_its_function(keys) -> None:
    assert keys("lambda", "CreateEventSourceMapping", {"FunctionName": "hello"})["lambda:FunctionArn"] == HELLO
    known = {("lambda:mapping", "u-1"): HELLO}
    assert keys("lambda", "DeleteEventSourceMapping", {"UUID": "u-1"}, known=known)["lambda:FunctionArn"] == HELLO


def test_get_layer_version_by_arn_is_the_same_action(asked) -> None:
    assert asked("lambda", "GetLayerVersionByArn", {"Arn": "arn:x"}) == [("lambda:GetLayerVersion", "arn:x")]


def test_add_permission_tells_the_principal(keys) -> None:
    assert keys("lambda", "AddPermission", {"FunctionName": "hello", "Principal": "*"})["lambda:Principal"] == "*"
