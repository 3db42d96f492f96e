lambda_.update_function_configuration(FunctionName=FUNCTION, MemorySize=1024)
lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)


def drifted():
    """Compare the stack with what is there; the properties that differ."""
    detection = cloudformation.detect_stack_drift(StackName=STACK)["StackDriftDetectionId"]
    while True:
        answer = cloudformation.describe_stack_drift_detection_status(
            StackDriftDetectionId=detection
        )
        if answer["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            break
        time.sleep(5)
    rows = cloudformation.describe_stack_resource_drifts(
        StackName=STACK
    )["StackResourceDrifts"]
    found = [
        (row["LogicalResourceId"], one)
        for row in rows
        for one in row.get("PropertyDifferences", [])
    ]
    return [
        (name, one["PropertyPath"], one["ExpectedValue"], one["ActualValue"])
        for name, one in found
    ]


print(drifted())
lambda_.update_function_configuration(FunctionName=FUNCTION, MemorySize=128)
lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
