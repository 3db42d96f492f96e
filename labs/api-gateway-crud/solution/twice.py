pieces["create"] = (
    pieces["create"].split("def create")[0]
    + """
def create(event):
    part = part_of(event)
    try:
        table.put_item(
            TableName=TABLE,
            Item=to_item(part, 1),
            ConditionExpression="attribute_not_exists(id)",
        )
    except table.exceptions.ConditionalCheckFailedException:
        return answer(409, {"message": f"there is a part {part['id']} already"})
    return answer(201, {**part, "version": 1}, location=f"/parts/{part['id']}")


ROUTES["POST /parts"] = create
"""
)
deploy()
print(call("POST", "/parts", {"id": "bolt", "name": "another bolt", "cents": 99}))
print(call("GET", "/parts/bolt"))
