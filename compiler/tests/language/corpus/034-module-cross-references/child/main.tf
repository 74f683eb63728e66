variable "value" {}
output "next" { value = var.value + 1 }
