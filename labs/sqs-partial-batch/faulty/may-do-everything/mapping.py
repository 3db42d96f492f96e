allow("read-parcels", ["sqs:*"], queue_arn)

found = lambda_.list_event_source_mappings(
    FunctionName=FUNCTION, EventSourceArn=queue_arn
)["EventSourceMappings"]
if found:
    mapping = found[0]["UUID"]
else:
    mapping = lambda_.create_event_source_mapping(
        FunctionName=FUNCTION,
        EventSourceArn=queue_arn,
        BatchSize=10,
        MaximumBatchingWindowInSeconds=5,
    )["UUID"]
while lambda_.get_event_source_mapping(UUID=mapping)["State"] != "Enabled":
    time.sleep(5)

send(*good("A", 3))
time.sleep(10)
print(labels())
