"""The hook before traffic. Which version is new, the deployment says itself."""

import json
import os

import boto3

PROBE = {"items": [{"sku": "probe", "quantity": int(os.environ["PROBE_QUANTITY"])}]}
EXPECTED = 100 * int(os.environ["PROBE_QUANTITY"])


def handle(event, _context):
    codedeploy = boto3.client("codedeploy")
    report = {"deploymentId": event["DeploymentId"], "lifecycleEventHookExecutionId": event["LifecycleEventHookExecutionId"]}
    try:
        sound = answers(*new_version(codedeploy, event["DeploymentId"]))
    except Exception:
        codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Failed")
        raise
    codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Succeeded" if sound else "Failed")


def new_version(codedeploy, deployment):
    revision = codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]["revision"]
    content = json.loads(revision.get("appSpecContent", revision.get("string"))["content"])
    (resource,) = content["Resources"]
    ((_, shift),) = resource.items()
    return shift["Properties"]["Name"], shift["Properties"]["TargetVersion"]


def answers(function, version):
    answer = boto3.client("lambda").invoke(FunctionName=function, Qualifier=version, Payload=json.dumps(PROBE))
    return "FunctionError" not in answer and json.load(answer["Payload"]).get("cents") == EXPECTED
