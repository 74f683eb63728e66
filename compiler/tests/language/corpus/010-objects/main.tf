locals {
  key = "k"
}
output "o00" {
  value = { a = 1, "b" = 2, ("c") = 3 }
}
output "o01" {
  value = { a : 1, b : 2 }
}
output "o02" {
  value = { (local.key) = 1 }
}
output "o03" {
  value = { "${local.key}" = 1 }
}
output "o04" {
  value = { "x${local.key}" = 1 }
}
output "o05" {
  value = {}
}
output "o06" {
  value = { 1 = "a", true = "b" }
}
output "o07" {
  value = { a = 1, a = 2 }
}
output "o08" {
  value = { key = local.key }
}
