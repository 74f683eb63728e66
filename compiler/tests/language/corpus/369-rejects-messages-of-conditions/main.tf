variable "text" {
  default = "x"
}

output "list" {
  value = 1
  precondition {
    condition     = var.text == "x"
    error_message = [var.text]
  }
}

output "null" {
  value = 1
  precondition {
    condition     = var.text == "x"
    error_message = null
  }
}
