terraform {
  required_providers {
    one = {
      source = "terraform.io/builtin/terraform"
    }
    two = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
