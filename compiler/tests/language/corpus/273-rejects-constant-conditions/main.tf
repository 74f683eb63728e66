variable "v" {
  default = 1
  validation {
    condition     = true
    error_message = "no"
  }
}

check "c" {
  assert {
    condition     = 1 < 2
    error_message = "no"
  }
}

output "x" {
  value = 1
  precondition {
    condition     = upper("a") == "A"
    error_message = "no"
  }
}

resource "terraform_data" "a" {
  lifecycle {
    postcondition {
      condition     = alltrue([for x in [1] : x > 0])
      error_message = "no"
    }
  }
}

data "terraform_remote_state" "a" {
  backend = "local"
  lifecycle {
    precondition {
      condition     = true
      error_message = "no"
    }
  }
}
