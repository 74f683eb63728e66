output "o00" {
  value = alltrue([true, "true"])
}
output "o01" {
  value = alltrue([])
}
output "o02" {
  value = alltrue([true, false])
}
output "o03" {
  value = anytrue([false, true])
}
output "o04" {
  value = anytrue([])
}
output "o05" {
  value = chunklist(["a", "b", "c"], 2)
}
output "o06" {
  value = chunklist([], 2)
}
output "o07" {
  value = coalesce("", null, "b")
}
output "o08" {
  value = coalesce(null, 1, 2)
}
output "o09" {
  value = coalescelist([], ["a"])
}
output "o10" {
  value = compact(["a", "", "b", null])
}
output "o11" {
  value = concat(["a"], ["b", 1])
}
output "o12" {
  value = concat(tolist(["a"]), tolist(["b"]))
}
output "o13" {
  value = concat([], [])
}
output "o14" {
  value = contains(["a", "b"], "a")
}
output "o15" {
  value = contains([1, 2], "1")
}
output "o16" {
  value = contains(["1"], 1)
}
output "o17" {
  value = distinct(["a", "b", "a"])
}
output "o18" {
  value = distinct([])
}
output "o19" {
  value = element(["a", "b", "c"], 4)
}
output "o20" {
  value = flatten([["a", ["b"]], [], ["c"]])
}
output "o21" {
  value = flatten([[[["x"]]], toset(["z", "y"])])
}
output "o22" {
  value = index(["a", "b"], "b")
}
output "o23" {
  value = keys({ b = 1, a = 2 })
}
output "o24" {
  value = keys(tomap({ b = 1, a = 2 }))
}
output "o25" {
  value = length([1, 2])
}
output "o26" {
  value = length({ a = 1 })
}
output "o27" {
  value = length("abc")
}
output "o28" {
  value = lookup({ a = 1 }, "a", 0)
}
output "o29" {
  value = lookup({ a = 1 }, "b", 0)
}
output "o30" {
  value = lookup(tomap({ a = "x" }), "b", "d")
}
output "o31" {
  value = matchkeys(["a", "b", "c"], [1, 2, 3], [1, 3])
}
output "o32" {
  value = merge({ a = 1, b = 2 }, { b = 3, c = 4 })
}
output "o33" {
  value = merge(tomap({ a = 1 }), tomap({ b = 2 }))
}
output "o34" {
  value = merge({ a = 1 }, null)
}
output "o35" {
  value = merge()
}
output "o36" {
  value = one([])
}
output "o37" {
  value = one(["a"])
}
output "o38" {
  value = one(toset(["x"]))
}
output "o39" {
  value = range(3)
}
output "o40" {
  value = range(1, 4)
}
output "o41" {
  value = range(1, 8, 2)
}
output "o42" {
  value = range(4, 1)
}
output "o43" {
  value = range(0, 1, 0.25)
}
output "o44" {
  value = range(0)
}
output "o45" {
  value = range(10, 0, -3)
}
output "o46" {
  value = reverse(["a", "b", "c"])
}
output "o47" {
  value = reverse(tolist([1, 2]))
}
output "o48" {
  value = slice(["a", "b", "c", "d"], 1, 3)
}
output "o49" {
  value = slice(tolist(["a", "b"]), 0, 1)
}
output "o50" {
  value = slice(["a"], 1, 1)
}
output "o51" {
  value = sort(["b", "a", "C"])
}
output "o52" {
  value = sort([10, 9])
}
output "o53" {
  value = transpose({ a = ["1", "2"], b = ["2"] })
}
output "o54" {
  value = values({ b = 1, a = "x" })
}
output "o55" {
  value = values(tomap({ b = 1, a = 2 }))
}
output "o56" {
  value = zipmap(["a", "b"], [1, "x"])
}
output "o57" {
  value = zipmap(["a", "b"], tolist([1, 2]))
}
output "o58" {
  value = zipmap([], [])
}
