source = """
def handler(event, context):
    if "amount" not in event:
        raise ValueError(f"order {event['order']}: no amount")
    print(f"booked {event['order']}")
"""
deploy(source)
