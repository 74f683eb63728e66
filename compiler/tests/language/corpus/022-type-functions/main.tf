locals {
  x = { y = 1 }
}
output "o00" {
  value = can(1 + "a")
}
output "o01" {
  value = can(local.x.y)
}
output "o02" {
  value = can(local.x.z)
}
output "o03" {
  value = try(local.x.z, "default")
}
output "o04" {
  value = try(local.x.y, "default")
}
output "o05" {
  value = try(local.x.missing.a, local.x.nothing, 5)
}
output "o06" {
  value = try(tonumber("x"), 7)
}
output "o07" {
  value = can(tonumber("x"))
}
output "o08" {
  value = try([1][5], "out")
}
output "o09" {
  value = nonsensitive(sensitive("a"))
}
output "o10" {
  value = issensitive("a")
}
output "o11" {
  value = issensitive(sensitive("a"))
}
output "o12" {
  value = issensitive([sensitive("a")])
}
output "o13" {
  value = issensitive("x${sensitive("a")}")
}
output "o14" {
  value = issensitive(length(sensitive(["a"])))
}
output "o15" {
  value = issensitive(length([sensitive("a")]))
}
output "o16" {
  value = issensitive(keys({ a = sensitive("x") }))
}
output "o17" {
  value = issensitive(values({ a = sensitive("x") }))
}
output "o18" {
  value = issensitive(merge({ a = sensitive("x") }, { b = 1 }))
}
output "o19" {
  value = issensitive(merge({ a = sensitive("x") }, { b = 1 }).a)
}
output "o20" {
  value = issensitive(merge({ a = sensitive("x") }, { b = 1 }).b)
}
output "o21" {
  value = issensitive(sensitive({ a = 1 }).a)
}
output "o22" {
  value = issensitive(true ? sensitive("a") : "b")
}
output "o23" {
  value = issensitive(sensitive(true) ? "a" : "b")
}
output "o24" {
  value = issensitive([for x in sensitive(["a"]) : x])
}
output "o25" {
  value = issensitive([for x in [sensitive("a")] : x][0])
}
output "o26" {
  value = issensitive(concat([sensitive("a")], ["b"])[1])
}
output "o27" {
  value = issensitive(concat([sensitive("a")], ["b"])[0])
}
output "o28" {
  value = issensitive(join(",", [sensitive("a")]))
}
output "o29" {
  value = issensitive(lookup({ a = sensitive("x") }, "a", "d"))
}
output "o30" {
  value = issensitive(element([sensitive("a"), "b"], 1))
}
output "o31" {
  value = issensitive(toset([sensitive("a")]))
}
output "o32" {
  value = issensitive(tolist([sensitive("a")]))
}
output "o33" {
  value = issensitive({ a = sensitive("x") }["a"])
}
output "o34" {
  value = issensitive(sensitive("a") == "a")
}
output "o35" {
  value = issensitive(flatten([[sensitive("a")], ["b"]])[0])
}
output "o36" {
  value = issensitive(jsonencode({ a = sensitive("x") }))
}
output "o37" {
  value = issensitive(coalesce(sensitive(""), "b"))
}
output "o38" {
  value = issensitive(slice([sensitive("a"), "b"], 1, 2)[0])
}
output "o39" {
  value = issensitive(reverse([sensitive("a"), "b"])[0])
}
output "o40" {
  value = issensitive(zipmap(["a"], [sensitive("x")]).a)
}
output "o41" {
  value = issensitive(contains([sensitive("a")], "b"))
}
output "o42" {
  value = issensitive({ (sensitive("k")) = 1 })
}
output "o43" {
  value = issensitive([sensitive("a")][*])
}
output "o44" {
  value = issensitive(try(sensitive("a"), "b"))
}
output "o45" {
  value = issensitive(can(sensitive("a")))
}
output "o46" {
  value = issensitive(distinct([sensitive("a"), "b"]))
}
output "o47" {
  value = issensitive(one([sensitive("a")]))
}
output "o48" {
  value = issensitive(sort([sensitive("b"), "a"]))
}
output "o49" {
  value = issensitive(format("%s", sensitive("a")))
}
output "o50" {
  value = issensitive(formatlist("%s", [sensitive("a"), "b"]))
}
output "o51" {
  value = issensitive(index([sensitive("a"), "b"], "b"))
}
output "o52" {
  value = issensitive(chunklist([sensitive("a"), "b"], 1)[1])
}
output "o53" {
  value = issensitive(alltrue([sensitive(true)]))
}
output "o54" {
  value = issensitive(setproduct(["a"], [sensitive("b")]))
}
output "o55" {
  value = issensitive(coalescelist([sensitive("a")], ["b"]))
}
output "o56" {
  value = issensitive(matchkeys([sensitive("a")], ["x"], ["x"]))
}
output "o57" {
  value = issensitive(range(sensitive(2)))
}
output "o58" {
  value = issensitive(substr(sensitive("abc"), 0, 1))
}
