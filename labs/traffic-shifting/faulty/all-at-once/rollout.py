deploy_role = role_for("codedeploy.amazonaws.com", DEPLOY_ROLE)
iam.attach_role_policy(
    RoleName=DEPLOY_ROLE,
    PolicyArn="arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
)

try:
    codedeploy.create_application(applicationName=APPLICATION, computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName=APPLICATION,
        deploymentGroupName=GROUP,
        serviceRoleArn=deploy_role,
        deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce",
        deploymentStyle={
            "deploymentType": "BLUE_GREEN",
            "deploymentOption": "WITH_TRAFFIC_CONTROL",
        },
    )
except codedeploy.exceptions.ApplicationAlreadyExistsException:
    pass


def roll_out(target):
    """Start a deployment that moves the alias to the version `target`."""
    current = lambda_.get_alias(FunctionName=FUNCTION, Name=ALIAS)["FunctionVersion"]
    properties = {
        "Name": FUNCTION,
        "Alias": ALIAS,
        "CurrentVersion": current,
        "TargetVersion": target,
    }
    appspec = {
        "version": 0.0,
        "Resources": [
            {FUNCTION: {"Type": "AWS::Lambda::Function", "Properties": properties}}
        ],
    }
    revision = {
        "revisionType": "AppSpecContent",
        "appSpecContent": {"content": json.dumps(appspec)},
    }
    return codedeploy.create_deployment(
        applicationName=APPLICATION, deploymentGroupName=GROUP, revision=revision
    )["deploymentId"]


def status(deployment):
    """What CodeDeploy says of one deployment, and where the alias points."""
    alias = lambda_.get_alias(FunctionName=FUNCTION, Name=ALIAS)
    info = codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]
    return info["status"], alias["FunctionVersion"], alias.get("RoutingConfig", {})


all_callers_to(version)
deployment = roll_out(new)
time.sleep(60)
print(status(deployment))
time.sleep(300)
print(status(deployment))
