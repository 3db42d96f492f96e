lab.faults.clear()
try:
    events.create_archive(ArchiveName=ARCHIVE, EventSourceArn=bus_arn, RetentionDays=30)
except events.exceptions.ResourceAlreadyExistsException:
    pass
archive_arn = events.describe_archive(ArchiveName=ARCHIVE)["ArchiveArn"]
got(BILLING)
noon = datetime.fromtimestamp(lab.now(), UTC)
events.disable_rule(Name=SHIPPING_RULE, EventBusName=BUS)
first, second = (f"E-{noon:%H%M%S}-{number}" for number in (1, 2))
place(first)
place(second)
time.sleep(4 * 3600)
events.enable_rule(Name=SHIPPING_RULE, EventBusName=BUS)
print("before:", first in parcels(), "billing:", len(bodies(BILLING)))
evening = datetime.fromtimestamp(lab.now(), UTC)
events.start_replay(
    ReplayName=f"afternoon-{evening:%Y%m%d%H%M%S}",
    EventSourceArn=archive_arn,
    EventStartTime=noon - timedelta(seconds=1),
    EventEndTime=evening,
    Destination={"Arn": bus_arn},
)
time.sleep(600)
print("after: ", first in parcels(), "billing:", len(bodies(BILLING)))
lab.story("event", last=4)
