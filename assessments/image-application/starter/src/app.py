"""Called for every upload: nothing is done yet."""


def handler(event, context):
    print(len(event.get("Records", [])), "records")
