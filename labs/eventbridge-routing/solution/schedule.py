trust = {
    "Effect": "Allow",
    "Principal": {"Service": "scheduler.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
try:
    trusted = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=SCHEDULE_ROLE, AssumeRolePolicyDocument=trusted)
except iam.exceptions.EntityAlreadyExistsException:
    pass
send = document("sqs:SendMessage", billing_arn)
iam.put_role_policy(RoleName=SCHEDULE_ROLE, PolicyName="send", PolicyDocument=send)
settings = {
    "Name": SCHEDULE,
    "ScheduleExpression": "cron(0 6 ? * MON-FRI *)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {
        "Arn": billing_arn,
        "RoleArn": iam.get_role(RoleName=SCHEDULE_ROLE)["Role"]["Arn"],
        "Input": json.dumps({"report": "yesterday"}),
    },
}
try:
    scheduler.create_schedule(**settings)
except scheduler.exceptions.ConflictException:
    scheduler.update_schedule(**settings)
got(BILLING)
time.sleep(7 * 86_400)
for body in bodies(BILLING):
    print(body)
lab.story("schedule", last=7)
