terraform {
  required_providers {
    built-in = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

provider "built-in" {
  alias = "a"
}

module "undeclared" {
  source = "./undeclared"
  providers = {
    terraform = built-in.a
  }
}

module "declared" {
  source = "./declared"
  providers = {
    one = terraform
    two = built-in
  }
}
