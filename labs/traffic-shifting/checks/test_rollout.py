"""CodeDeploy moved the alias to version 2 by the canary plan, and is done."""

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
    alias = aws("lambda").get_alias(FunctionName=lab.name("function"), Name=lab.name("alias"))
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    expect(
        alias["FunctionVersion"] == "2" and not weights,
        f"The alias names version {alias['FunctionVersion']} with weights {weights}; after the rollout it names 2 alone.",
    )
