source = """
def handler(event, context):
    event.get("amount", 0)
    print(f"booked {event['order']}")
"""
deploy(source)
