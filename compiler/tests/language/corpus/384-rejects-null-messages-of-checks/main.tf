variable "text" {
  default = "x"
}

check "null-message" {
  assert {
    condition     = var.text == "y"
    error_message = null
  }
}
