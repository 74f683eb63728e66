variable "n" {
  default = 5
  validation {
    condition     = var.n > 1
    error_message = "must be more than 1"
  }
}
resource "terraform_data" "x" {
  input = var.n
  lifecycle {
    precondition {
      condition     = var.n == 5
      error_message = "never"
    }
    postcondition {
      condition     = self.input == 5
      error_message = "never"
    }
  }
}
check "c" {
  assert {
    condition     = var.n == 6
    error_message = "a check only warns"
  }
}
output "o" {
  value = var.n
  precondition {
    condition     = terraform_data.x.id != ""
    error_message = "unknown is not false"
  }
}
