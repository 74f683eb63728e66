variable "n" { type = number }
variable "name" { type = string }
output "out" { value = "${var.name}-${var.n * 2}" }
output "list" { value = [var.n, var.name] }
