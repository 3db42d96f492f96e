deploy("""
from ledger import charge


def handler(event, context):
    charge(event)
""")
start("A-1")
hand_over("A-1", sent_at="09:00")
time.sleep(5)
print(balance("A-1"), "cents")
