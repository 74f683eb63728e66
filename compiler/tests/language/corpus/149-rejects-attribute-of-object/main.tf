locals {
  o = { a = 1 }
}
output "a" {
  value = local.o.b
}
