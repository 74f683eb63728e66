variable "a" {
  validation {
    condition     = var.a > 1
    error_message = "must be more than 1"
  }
}
