"""The bad version was tried on a few, the alarm rang, and the alias is back on the good one."""

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
    lambda_ = aws("lambda")
    versions = [row["Version"] for row in lambda_.list_versions_by_function(FunctionName=lab.name("function"))["Versions"]]
    expect("3" in versions, "Version 3, the one with the bug, has not been published.")
    alias = lambda_.get_alias(FunctionName=lab.name("function"), Name=lab.name("alias"))
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    expect(
        alias["FunctionVersion"] == "2" and not weights,
        f"The alias names version {alias['FunctionVersion']} with weights {weights}; after the rollback it names 2 alone.",
    )
    found = codedeploy.list_deployments(applicationName=lab.name("application"), deploymentGroupName=lab.name("group"))[
        "deployments"
    ]
    infos = [codedeploy.get_deployment(deploymentId=one)["deploymentInfo"] for one in found]
    stopped = [one for one in infos if one["status"] in ("Stopped", "Failed")]
    expect(stopped, "No deployment was stopped: did callers meet the bug while the alarm was watched?")
