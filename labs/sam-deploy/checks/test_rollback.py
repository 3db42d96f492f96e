"""The bad version was tried on a few, the alarm rang, and the stack is back where it was."""

from autograder.checks.expect import expect


def test_the_alarm_took_the_release_back(aws, lab, http):
    cloudformation, codedeploy = aws("cloudformation"), aws("codedeploy")
    stack = cloudformation.describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    resources = cloudformation.describe_stack_resources(StackName=lab.name("stack"))["StackResources"]
    held = {row["ResourceType"]: row["PhysicalResourceId"] for row in resources}
    expect("AWS::CloudWatch::Alarm" in held, "The stack has no alarm.")
    names = {
        "applicationName": held["AWS::CodeDeploy::Application"],
        "deploymentGroupName": held["AWS::CodeDeploy::DeploymentGroup"],
    }
    group = codedeploy.get_deployment_group(**names)["deploymentGroupInfo"]
    watched = [row["name"] for row in group.get("alarmConfiguration", {}).get("alarms", [])]
    expect(held["AWS::CloudWatch::Alarm"] in watched, f"The rollout watches {watched or 'no alarm'}, not the stack's own.")
    answers = [http(f"{stack['Outputs'][0]['OutputValue']}/prices/tea").status for _ in range(20)]
    expect(
        set(answers) == {200}, f"Of 20 calls {sum(code != 200 for code in answers)} still fail: the bad version serves callers."
    )
    found = codedeploy.list_deployments(**names)["deployments"]
    states = [codedeploy.get_deployment(deploymentId=one)["deploymentInfo"]["status"] for one in found]
    stopped = {"Stopped", "Failed"} & set(states)
    expect(
        stopped, f"The rollouts are {', '.join(states)}; none was stopped. Did callers meet the bug while it was tried on them?"
    )
    expect(
        stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE",
        f"The stack is {stack['StackStatus']}; after a rollout that was taken back it is UPDATE_ROLLBACK_COMPLETE.",
    )
