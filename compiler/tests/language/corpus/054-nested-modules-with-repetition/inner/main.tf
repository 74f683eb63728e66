variable "i" {}
output "v" { value = "i${var.i}" }
