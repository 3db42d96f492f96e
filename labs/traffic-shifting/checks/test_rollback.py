"""The bad version was tried on a few, the alarm rang, and the alias is back on the good one."""

import json

from autograder.checks.expect import expect


def test_the_bad_version_was_taken_back_by_the_alarm(aws, lab):
    codedeploy = aws("codedeploy")
    group = codedeploy.get_deployment_group(applicationName=lab.name("application"), deploymentGroupName=lab.name("group"))
    info = group["deploymentGroupInfo"]
    watched = [alarm["name"] for alarm in info.get("alarmConfiguration", {}).get("alarms", [])]
    expect(lab.name("alarm") in watched, f"The deployment group watches {watched or 'no alarm'}; name {lab.name('alarm')}.")
    expect(
        info.get("autoRollbackConfiguration", {}).get("enabled"), "The deployment group stops, but does not roll back: enable it."
    )
    lambda_, function, name = aws("lambda"), lab.name("function"), lab.name("alias")
    versions = lambda_.list_versions_by_function(FunctionName=function)["Versions"]
    newest = max((row["Version"] for row in versions if row["Version"] != "$LATEST"), key=int, default="$LATEST")
    failed = lambda_.invoke(FunctionName=function, Qualifier=newest, Payload=b'{"item": "tea"}').get("FunctionError")
    expect(failed, f"The newest version, {newest}, serves whoever is no member: the one with the bug has not been published.")
    alias = lambda_.get_alias(FunctionName=function, Name=name)
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    answer = lambda_.invoke(FunctionName=function, Qualifier=name, Payload=b'{"item": "tea", "member": true}')["Payload"].read()
    expect(
        alias["FunctionVersion"] != newest and not weights and json.loads(answer).get("cents") == 250,
        f"The alias names version {alias['FunctionVersion']} with weights {weights}; after the rollback it names the good "
        "version alone, as before the release.",
    )
    infos = [codedeploy.get_deployment(deploymentId=one)["deploymentInfo"] for one in _deployments(codedeploy, lab)]
    released = max((one for one in infos if one.get("creator") != "codeDeployRollback"), key=lambda one: one["createTime"])
    why = released.get("errorInformation", {})
    expect(
        why.get("code") == "ALARM_ACTIVE",
        f"The latest release is {released['status']} ({why.get('message', 'no error')}), and was not stopped by the alarm: did "
        "callers meet the bug while the alarm was watched?",
    )


def _deployments(codedeploy, lab):
    names = {"applicationName": lab.name("application"), "deploymentGroupName": lab.name("group")}
    return codedeploy.list_deployments(**names)["deployments"]
