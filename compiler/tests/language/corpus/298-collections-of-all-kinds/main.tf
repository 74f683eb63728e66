output "a" { value = lookup({ a = 1 }, "b", 2) }
output "b" { value = element(["a", "b"], 5) }
output "c" { value = flatten([[1, [2]], [], [[3]]]) }
output "d" { value = distinct([1, "1", true, 1]) }
output "e" { value = compact(["a", "", null, "b"]) }
output "f" { value = chunklist([1, 2, 3], 2) }
output "g" { value = merge({ a = { x = 1 } }, { a = { y = 2 } }) }
output "h" { value = zipmap(["a", "b"], [1, "x"]) }
output "i" { value = transpose({ a = ["1", "2"], b = ["2"] }) }
output "j" { value = matchkeys(["i1", "i2"], ["a", "b"], ["b"]) }
output "k" { value = one([]) }
output "l" { value = one(["x"]) }
output "m" { value = slice(["a", "b", "c"], 1, 3) }
output "n" { value = range(5, 0, -2) }
output "o" { value = range(0, 1, 0.25) }
output "p" { value = reverse([1, "a"]) }
output "q" { value = sort(["b", "A", "a", "é", "10", "9"]) }
output "r" { value = sum([1, 2.5, "3"]) }
output "s" { value = index(["a", "b"], "b") }
output "t" { value = alltrue([]) }
output "u" { value = anytrue(["true", false]) }
output "v" { value = coalesce("", "x") }
output "w" { value = coalescelist([], ["a"]) }
output "x" { value = contains([1, 2], "1") }
output "y" { value = keys({ b = 1, a = 2 }) }
output "z" { value = values({ b = "1", a = 2 }) }
output "aa" { value = setsubtract(["a", "b"], ["b"]) }
output "ab" { value = setunion(["a"], [1]) }
output "ac" { value = setintersection(["a", "b"], ["b", "c"], ["b"]) }
output "ad" { value = max([1, 5, 3]...) }
output "ae" { value = min(1, "0.5") }
output "af" { value = length("aé日👨‍👩‍👧") }
output "ag" { value = { for k, v in { a = 1, b = 1 } : v => k... } }
output "ah" { value = lookup({ a = "x" }, "a") }
output "ai" { value = merge() }

