variable "a" {
  default = 1
  validation {
    condition = var.b > 0
    error_message = "x"
  }
}
variable "b" {
  default = 1
  validation {
    condition = var.a > 0 && var.b > 0
    error_message = "x"
  }
}
