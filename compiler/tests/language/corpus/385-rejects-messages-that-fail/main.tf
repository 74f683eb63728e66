variable "text" {
  default = "x"
}

resource "terraform_data" "x" {
  lifecycle {
    postcondition {
      condition     = var.text == "x"
      error_message = "no ${tonumber(var.text)}"
    }
  }
}
