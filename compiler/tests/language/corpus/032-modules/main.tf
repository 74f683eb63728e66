module "child" {
  source = "./child"
  name   = "n"
}
module "counted" {
  source = "./child"
  count  = 2
  name   = "c${count.index}"
}
module "each" {
  source   = "./child"
  for_each = { a = "x", b = "y" }
  name     = "${each.key}${each.value}"
}
module "none" {
  source = "./child"
  count  = 0
  name   = "never"
}
output "upper" { value = module.child.upper }
output "whole" { value = module.child }
output "counted" { value = module.counted[*].upper }
output "counted_one" { value = module.counted[1].upper }
output "each" { value = { for k, m in module.each : k => m.upper } }
output "each_one" { value = module.each["a"].upper }
output "none" { value = module.none }
output "path" { value = module.child.path }
output "nested" { value = module.child.nested }
