"""A change of the code goes out as a canary, through the alias, and has arrived."""

from autograder.checks.expect import expect


def test_the_alias_is_moved_by_a_canary(aws, lab):
    codedeploy = aws("codedeploy")
    resources = aws("cloudformation").describe_stack_resources(StackName=lab.name("stack"))["StackResources"]
    held = {row["ResourceType"]: row["PhysicalResourceId"] for row in resources}
    expect("AWS::CodeDeploy::DeploymentGroup" in held, "The stack has no deployment group: is there a DeploymentPreference?")
    names = {
        "applicationName": held["AWS::CodeDeploy::Application"],
        "deploymentGroupName": held["AWS::CodeDeploy::DeploymentGroup"],
    }
    group = codedeploy.get_deployment_group(**names)["deploymentGroupInfo"]
    plan = group["deploymentConfigName"]
    expect(
        plan == "CodeDeployDefault.LambdaCanary10Percent5Minutes", f"The rollout follows {plan}, not a canary of five minutes."
    )
    found = codedeploy.list_deployments(**names)["deployments"]
    expect(found, "There has been no rollout: the first deployment has nothing to shift from, so deploy new code as well.")
    states = [codedeploy.get_deployment(deploymentId=one)["deploymentInfo"]["status"] for one in found]
    expect("Succeeded" in states, f"The rollouts are {', '.join(states)}: has enough time passed?")


def test_every_call_gets_the_new_version(aws, lab, http):
    alias = aws("lambda").get_alias(FunctionName=lab.name("function"), Name=lab.name("alias"))
    expect(
        int(alias["FunctionVersion"]) >= 2, f"The alias names version {alias['FunctionVersion']}; the new code is a later one."
    )
    stack = aws("cloudformation").describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    answer = http(f"{stack['Outputs'][0]['OutputValue']}/prices/tea")
    expect((answer.json() or {}).get("currency") == "EUR", f"The API says {answer.text}; the new code names the currency.")
