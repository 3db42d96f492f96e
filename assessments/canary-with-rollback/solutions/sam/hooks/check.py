"""Called by CodeDeploy before a release gets traffic: asks the new version for a price that is known."""

import json
import os

import boto3

FUNCTION, VERSION = os.environ["FUNCTION"], os.environ["VERSION"]
QUANTITY = int(os.environ["PROBE_QUANTITY"])

lambda_ = boto3.client("lambda")
codedeploy = boto3.client("codedeploy")


def handler(event, context):
    try:
        status = "Succeeded" if sound() else "Failed"
    except Exception as error:
        print(json.dumps({"level": "ERROR", "error": type(error).__name__}))
        status = "Failed"
    print(json.dumps({"version": VERSION, "status": status}))
    codedeploy.put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )


def sound():
    basket = {"items": [{"sku": "probe", "quantity": QUANTITY}]}
    answer = lambda_.invoke(FunctionName=FUNCTION, Qualifier=VERSION, Payload=json.dumps(basket).encode())
    return json.load(answer["Payload"])["cents"] == 100 * QUANTITY
