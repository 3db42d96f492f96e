restart()
lab.faults.clear()
lab.faults.add(kind="invocation", resource=f"*:function:{FUNCTION}", latency_s=5)
for _ in range(4):
    burst(1)
    time.sleep(15)
show(4)
for _ in range(4):
    burst(1)
    time.sleep(15)
show(4)
lab.faults.clear()
