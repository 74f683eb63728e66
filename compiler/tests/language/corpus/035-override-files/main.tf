variable "a" {
  default     = "base"
  description = "kept"
}
locals {
  x = "base"
  y = "base"
}
resource "terraform_data" "r" {
  input            = "base"
  triggers_replace = "base"
  lifecycle {
    create_before_destroy = true
  }
}
output "o" {
  value     = "base"
  sensitive = false
}
output "all" {
  value = [var.a, local.x, local.y, terraform_data.r.input, terraform_data.r.triggers_replace]
}
