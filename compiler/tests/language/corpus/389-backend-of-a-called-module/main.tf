module "m" {
  source = "./m"
  providers = {
    terraform     = terraform
    terraform.two = terraform
  }
}

output "o" {
  value = module.m.o
}

terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
