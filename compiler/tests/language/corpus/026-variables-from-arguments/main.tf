variable "text" {}
variable "number" { type = number }
variable "list" { type = list(number) }
variable "object" { type = object({ a = string }) }
variable "bool" { type = bool }
variable "any" { type = any }
variable "last" {}
output "text" { value = var.text }
output "number" { value = var.number }
output "list" { value = var.list }
output "object" { value = var.object }
output "bool" { value = var.bool }
output "any" { value = var.any }
output "last" { value = var.last }
