d = "z.auto"
e = "z.auto"
