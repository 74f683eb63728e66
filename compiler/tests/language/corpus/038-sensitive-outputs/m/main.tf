variable "in" {}
output "out" {
  value     = "plain"
  sensitive = true
}
output "echo" { value = var.in }
