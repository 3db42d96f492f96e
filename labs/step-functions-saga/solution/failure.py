run({"id": "o-2", "cents": 500, "card": "declined", "address": "12 High Street"})
shop()
