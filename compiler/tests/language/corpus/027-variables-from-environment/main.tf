variable "a" {}
variable "b" { type = list(string) }
variable "c" { default = "d" }
output "a" { value = var.a }
output "b" { value = var.b }
output "c" { value = var.c }
