module "outer" {
  source   = "./outer"
  for_each = { x = 2, y = 1 }
  n        = each.value
}
output "o" { value = { for k, m in module.outer : k => m.all } }
