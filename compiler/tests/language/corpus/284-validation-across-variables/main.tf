variable "low" {
  type    = number
  default = 1
}
variable "high" {
  type    = number
  default = 9
  validation {
    condition     = var.high > var.low
    error_message = "high (${var.high}) must be above low (${var.low})"
  }
}
locals {
  allowed = ["a", "b"]
}
variable "kind" {
  type    = string
  default = "a"
  validation {
    condition     = contains(local.allowed, var.kind)
    error_message = "Not allowed."
  }
}
output "x" { value = var.high - var.low }
