hidden = "read as well"
