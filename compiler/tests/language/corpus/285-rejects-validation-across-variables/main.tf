variable "low" {
  type    = number
  default = 10
}
variable "high" {
  type    = number
  default = 9
  validation {
    condition     = var.high > var.low
    error_message = "high (${var.high}) must be above low (${var.low})"
  }
}
variable "names" {
  type    = list(string)
  default = ["a", "B"]
  validation {
    condition     = alltrue([for n in var.names : can(regex("^[a-z]+$", n))])
    error_message = "lower case"
  }
  validation {
    condition     = length(var.names) > 5
    error_message = "more"
  }
}
output "x" { value = var.high - var.low }
