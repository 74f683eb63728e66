locals {
  t = "a-$${x}"
  l = ["a$${x}"]
}
output "a" {
  value = templatestring((local.t), { x = 1 })
}
output "b" {
  value = templatestring(local.l[0], { x = 1 })
}
output "c" {
  value = templatestring("${local.t}", { x = 1 })
}
output "d" {
  value = templatestring(true ? local.t : local.t, { x = 1 })
}
output "e" {
  value = templatestring(join("", local.l), { x = 1 })
}
output "f" {
  value = templatestring("a", { x = 1 })
}
output "g" {
  value = templatestring("a${local.t}", { x = 1 })
}
output "j" {
  value = templatestring(null, { x = 1 })
}
output "k" {
  value = templatestring(5, { x = 1 })
}
output "l" {
  value = [for t in local.l : templatestring(t, { x = 1 })]
}
output "m" {
  value = templatestring({ a = local.t }.a, { x = 1 })
}
output "n" {
  value = templatestring(local.l[length("")], { x = 1 })
}
