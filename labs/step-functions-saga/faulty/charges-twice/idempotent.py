PAY = """
def pay(order):
    add("till", order["cents"])
    done(order, "charged")
"""
deploy(SERVICES + PAY)
run({"id": "o-7", "cents": 900, "card": "no-answer", "address": "12 High Street"})
shop()
