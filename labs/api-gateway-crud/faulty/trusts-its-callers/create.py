pieces["create"] = '''
class Wrong(Exception):
    """What the caller has to mend."""


def part_of(event):
    return json.loads(event["body"])


def create(event):
    part = part_of(event)
    table.put_item(TableName=TABLE, Item=to_item(part, 1))
    return answer(201, {**part, "version": 1}, location=f"/parts/{part['id']}")


ROUTES["POST /parts"] = create
'''
pieces["handler"] = """
def handler(event, context):
    try:
        return ROUTES[event["routeKey"]](event)
    except Wrong as wrong:
        return answer(400, {"message": str(wrong)})
"""
deploy()
print(call("POST", "/parts", {"id": "bolt", "name": "a bolt", "cents": 12}))
print(call("POST", "/parts", {"id": "nut", "name": "a nut", "cents": 7}))
print(call("POST", "/parts", b"id=bolt"))
print(call("POST", "/parts", {"id": "cog", "name": "a cog", "cents": "twelve"}))
