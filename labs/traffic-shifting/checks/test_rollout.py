"""CodeDeploy moved the alias to the new version by the canary plan, and is done."""

import json

from autograder.checks.expect import expect


def test_the_deployment_succeeded_and_every_call_gets_the_new_version(aws, lab):
    codedeploy = aws("codedeploy")
    found = codedeploy.list_deployments(applicationName=lab.name("application"), deploymentGroupName=lab.name("group"))[
        "deployments"
    ]
    expect(found, "There has been no deployment yet.")
    infos = [codedeploy.get_deployment(deploymentId=one)["deploymentInfo"] for one in found]
    latest = max(infos, key=lambda info: info["createTime"])
    expect(
        latest["deploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        f"The deployment followed {latest['deploymentConfigName']}.",
    )
    why = latest.get("errorInformation", {}).get("message", "has enough time passed?")
    expect(latest["status"] == "Succeeded", f"The latest deployment is {latest['status']}: {why}")
    lambda_, function, name = aws("lambda"), lab.name("function"), lab.name("alias")
    alias = lambda_.get_alias(FunctionName=function, Name=name)
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    answer = lambda_.invoke(FunctionName=function, Qualifier=name, Payload=b'{"item": "tea", "member": true}')["Payload"].read()
    expect(
        json.loads(answer).get("cents") == 250 and not weights,
        f"The alias names version {alias['FunctionVersion']} with weights {weights}, and a member pays {answer.decode()}; after "
        "the rollout it names the new version alone, whose members pay 250.",
    )
