module "m" {
  source = "./m"
  for_each = { a = 1, b = 2 }
  n = each.value
  k = each.key
}
output "a" {
  value = { for k, m in module.m : k => m.o }
}
output "b" {
  value = module.m["a"].o
}
output "c" {
  value = values(module.m)[*].o
}
