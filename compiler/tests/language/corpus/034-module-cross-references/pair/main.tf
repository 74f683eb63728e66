variable "in" {}
output "constant" { value = "c" }
output "echo" { value = "${var.in}!" }
