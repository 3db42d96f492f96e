pieces["create"] = (
    pieces["create"].split("def create")[0]
    + """
def create(event):
    part = part_of(event)
    if "Item" in table.get_item(TableName=TABLE, Key={"id": {"S": part["id"]}}):
        return answer(409, {"message": f"there is a part {part['id']} already"})
    table.put_item(TableName=TABLE, Item=to_item(part, 1))
    return answer(201, {**part, "version": 1}, location=f"/parts/{part['id']}")


ROUTES["POST /parts"] = create
"""
)
deploy()
print(call("POST", "/parts", {"id": "bolt", "name": "another bolt", "cents": 99}))
print(call("GET", "/parts/bolt"))
