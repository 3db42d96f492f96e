run({"id": "o-2", "cents": 500, "card": "good", "address": "12 High Street"})
shop()
