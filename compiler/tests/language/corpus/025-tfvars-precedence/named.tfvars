f = "named"
