module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  value    = { key = each.key, others = [for k in ["a", "b"] : k if k != each.key] }
}
output "o" { value = { for k, m in module.m : k => m.value } }
