deploy(SHIPS)
lab.faults.clear()
lab.faults.add(kind="delivery", source="eventbridge", duplicates=1)
place("D-1")
time.sleep(10)
lab.faults.clear()
place("D-1")  # the shop was not sure
time.sleep(10)
print("parcels:", {order: count for order, count in parcels().items() if order.startswith("D")})
