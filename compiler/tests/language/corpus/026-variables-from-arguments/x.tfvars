last = "two"
