"""Takes orders out of the queue, and forgets them."""


def handler(event, context):
    for record in event["Records"]:
        print("an order", record["messageId"])
