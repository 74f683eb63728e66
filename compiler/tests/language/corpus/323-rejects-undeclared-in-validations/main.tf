variable "v" {
  default = 1

  validation {
    condition     = var.v != local.c
    error_message = "no"
  }

  validation {
    condition     = [for v in [var.v] : v != var.none] != []
    error_message = "no ${local.e}"
  }
}
