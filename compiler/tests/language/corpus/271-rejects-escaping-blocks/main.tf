resource "terraform_data" "twice" {
  _ {
    input = "x"
  }
  _ {
    triggers_replace = "y"
  }
}

resource "terraform_data" "label" {
  _ "x" {
    input = 1
  }
}

variable "a" {
  default = 1
  _ {
    x = 1
  }
}

output "b" {
  value = 1
  _ {
  }
}

terraform {
  _ {
  }
}

moved {
  from = terraform_data.b
  to   = terraform_data.a
  _ {
  }
}

resource "terraform_data" "lifecycle" {
  lifecycle {
    _ {
    }
  }
}
