register("key-of-7", "reader-7", SCAN)
devices = authorizer("devices", AuthorizerResultTtlInSeconds=0)
time.sleep(3600)
print("reader-7 scans:  ", *call("/parcels/p-1/scan", "POST", x_device_key="key-of-7"))
dynamodb.delete_item(
    TableName=TABLE, Key={"id": {"S": hashlib.sha256(b"key-of-7").hexdigest()}}
)
for wait in (0, 30, 90, 1800):
    time.sleep(wait)
    print(f"{wait:4} s later:", *call("/parcels/p-1/scan", "POST", x_device_key="key-of-7"))
