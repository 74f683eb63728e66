variable "a" {}

output "o" {
  value = "n${var.a}"
}
