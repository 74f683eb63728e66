locals {
  b = 1
}
output "a" {
  value = { local.b = 1 }
}
