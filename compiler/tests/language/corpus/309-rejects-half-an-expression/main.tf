locals {
  number = 1 2
}

output "p" {
  value = local.number.a
}
