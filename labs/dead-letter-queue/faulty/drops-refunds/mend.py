source = """
def handler(event, context):
    if event["amount"] < 0:
        return
    print(f"booked {event['order']}")
"""
deploy(source)
