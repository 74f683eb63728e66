variable "e" {
  ephemeral = true
  default   = "x"
}
locals {
  derived = "a-${var.e}"
}
output "as_null" { value = ephemeralasnull(local.derived) }
output "nested" { value = ephemeralasnull({ a = var.e, b = "kept" }) }
