pieces["one"] = """
def read(event):
    found = table.get_item(TableName=TABLE, Key=key(event))
    return (
        answer(200, shown(found["Item"]))
        if "Item" in found
        else answer(404, {"message": "no such part"})
    )


def delete(event):
    table.delete_item(
        TableName=TABLE, Key=key(event), ConditionExpression="attribute_exists(id)"
    )
    return answer(204)


ROUTES["GET /parts/{id}"] = read
ROUTES["DELETE /parts/{id}"] = delete
"""
deploy()
print(call("GET", "/parts/nut"), call("GET", "/parts/gone"))
print(call("DELETE", "/parts/nut"), call("DELETE", "/parts/nut"))
