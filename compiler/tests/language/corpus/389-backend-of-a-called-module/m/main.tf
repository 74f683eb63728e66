terraform {
  backend "nope" {}
  required_providers {
    terraform = {
      source                = "terraform.io/builtin/terraform"
      configuration_aliases = [terraform, terraform.two]
    }
  }
}

output "o" {
  value = 1
}
