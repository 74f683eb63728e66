variable "v" {
  default = "x"
}

output "x" {
  value = var.v
}
