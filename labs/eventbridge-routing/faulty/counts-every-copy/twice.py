deploy(SHIPS)
order = f"D-{lab.now():.0f}"  # another one each time you run this
lab.faults.clear()
lab.faults.add(kind="delivery", source="eventbridge", duplicates=1)
place(order)
time.sleep(10)
lab.faults.clear()
place(order)  # the shop was not sure
time.sleep(10)
print("parcels:", parcels()[order])
