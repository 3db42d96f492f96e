"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import json


def scenario_calls(scene, clients, stack, evidence):
    with scene.window("calls"):
        answer = clients("lambda").invoke(FunctionName=stack.outputs["FunctionName"], Payload=json.dumps({"number": 21}).encode())
        evidence.notes["answer"] = answer["Payload"].read().decode("utf-8", "replace")


def scenario_second(scene, evidence):
    evidence.notes["second"] = scene.deploy_again(Stage="exam2")
