pieces["update"] = """
def update(event):
    part = {**part_of(event), **event["pathParameters"]}
    version = json.loads(event["body"]).get("version")
    if type(version) is not int:
        raise Wrong("version is missing: say which version you have seen")
    table.put_item(TableName=TABLE, Item=to_item(part, version + 1))
    return answer(200, shown(to_item(part, version + 1)))


ROUTES["PUT /parts/{id}"] = update
"""
deploy()
print(
    call("PUT", "/parts/bolt", {"id": "bolt", "name": "a bolt", "cents": 15, "version": 1})
)
print(
    call(
        "PUT",
        "/parts/bolt",
        {"id": "bolt", "name": "a steel bolt", "cents": 12, "version": 1},
    )
)
print(call("GET", "/parts/bolt"))
