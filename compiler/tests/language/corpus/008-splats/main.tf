locals {
  list    = [{ a = 1, b = ["x"] }, { a = 2, b = ["y"] }]
  one     = { a = 1 }
  nothing = null
  maps    = [{ k = "v1" }, { k = "v2" }]
  nested  = [{ inner = [{ v = 1 }, { v = 2 }] }, { inner = [] }]
}
output "o00" {
  value = local.list[*].a
}
output "o01" {
  value = local.list.*.a
}
output "o02" {
  value = local.list[*].b[0]
}
output "o03" {
  value = local.list.*.b[0]
}
output "o04" {
  value = local.one[*].a
}
output "o05" {
  value = local.nothing[*]
}
output "o06" {
  value = local.one.*.a
}
output "o07" {
  value = local.list[*]
}
output "o08" {
  value = [for x in local.list : x.a][*]
}
output "o09" {
  value = local.maps[*]["k"]
}
output "o10" {
  value = local.nested[*].inner[*].v
}
output "o11" {
  value = tolist(["x", "y"])[*]
}
output "o12" {
  value = toset(["x", "y"])[*]
}
output "o13" {
  value = "single"[*]
}
output "o14" {
  value = local.list.0.a
}
output "o15" {
  value = local.list[1].a
}
