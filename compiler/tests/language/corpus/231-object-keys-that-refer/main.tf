locals {
  a    = "key"
  name = { first = "one" }
}
output "in_parentheses" {
  value = { (local.a) = 1, (local.name.first) = 2 }
}
output "in_quotes" {
  value = { "local.a" = 1, "${local.a}" = 2 }
}
output "bare" {
  value = { a = 1, local = 2, var = 3 }
}
