module "m" {
  for_each = { a = 1, b = 2 }
  source   = "./m"
  n        = each.value
  name     = each.key
}
module "n" {
  count  = 2
  source = "./m"
  n      = count.index
  name   = "n${count.index}"
}
output "all" { value = { for k, v in module.m : k => v.out } }
output "vals" { value = values(module.m)[*].out }
output "n" { value = module.n[*].out }
output "obj" { value = module.m }
output "one" { value = module.m["a"].list[1] }
