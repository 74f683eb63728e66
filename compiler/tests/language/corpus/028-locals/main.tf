locals {
  a = local.b + 1
  b = 2
}
locals {
  c = [local.a, local.b]
  d = { for x in local.c : "k${x}" => x }
}
output "a" { value = local.a }
output "d" { value = local.d }
