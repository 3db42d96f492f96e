deploy("""
PRICES = {"tea": 300, "coffee": 400}


def handler(event, context):
    return {"item": event["item"], "cents": PRICES[event["item"]] - 50 * event["member"]}
""")
bad = lambda_.publish_version(FunctionName=FUNCTION)["Version"]
codedeploy.update_deployment_group(
    applicationName=APPLICATION,
    currentDeploymentGroupName=GROUP,
    alarmConfiguration={"enabled": True, "alarms": [{"name": ALARM}]},
    autoRollbackConfiguration={"enabled": False},
)

all_callers_to(new)
while alarm_says() == "ALARM":
    time.sleep(60)
deployment = roll_out(bad)
for _ in range(8):
    call(times=30)
    time.sleep(60)
print(status(deployment))
