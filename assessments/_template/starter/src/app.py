"""Nothing is done yet."""


def handler(event, context):
    return None
