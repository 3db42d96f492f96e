pieces["create"] = '''
class Wrong(Exception):
    """What the caller has to mend."""


def part_of(event):
    try:
        part = json.loads(event.get("body") or "")
    except ValueError:
        raise Wrong("the body is no JSON") from None
    if not isinstance(part, dict):
        raise Wrong("a part is an object")
    for name in ("id", "name"):
        if not isinstance(part.get(name), str) or not part[name]:
            raise Wrong(f"{name} is missing, or no text")
    if not isinstance(part.get("cents"), int):
        raise Wrong("cents is missing, or no whole number from 0 up")
    return {name: part[name] for name in ("id", "name", "cents")}


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
