try:
    logs.create_log_group(logGroupName=ACCESS_LOG)
except logs.exceptions.ResourceAlreadyExistsException:
    pass
line = {
    "status": "$context.status",
    "route": "$context.routeKey",
    "who": "$context.authorizer.claims.sub",
}
apis.update_stage(
    ApiId=api,
    StageName="$default",
    AccessLogSettings={
        "DestinationArn": f"arn:aws:logs:{region}:{account}:log-group:{ACCESS_LOG}",
        "Format": json.dumps(line),
    },
)
ann = token()
for minutes in (0, 10, 10):
    time.sleep(minutes * 60)
    call("/parcels/p-1", bearer=ann)
call("/parcels/p-1", bearer=token(aud="payroll"))
for event in logs.filter_log_events(logGroupName=ACCESS_LOG)["events"][-4:]:
    print(event["message"])
