locals {
  n = null
}
output "a" {
  value = local.n.y
}
