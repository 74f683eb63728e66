variable "a" {
  default = 1
  validation {
    condition     = "x${var.a}"
    error_message = "no"
  }
}
