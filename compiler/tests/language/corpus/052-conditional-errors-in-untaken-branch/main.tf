locals {
  o = { a = 1 }
}
output "x" { value = true ? 1 : local.o.b }
output "y" { value = can(local.o.b) ? local.o.b : "none" }
