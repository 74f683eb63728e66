v = upper("a")
