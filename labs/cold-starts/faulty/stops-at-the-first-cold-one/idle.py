def probe(minutes):
    call(room="single")
    time.sleep(minutes * 60)
    call(room="single")
    found = "cold" if "Init Duration" in reports()[-1] else "warm"
    print(f"after {minutes:2} minutes: {found}")


restart()
for minutes in (1, 2, 4, 8, 16):
    probe(minutes)
