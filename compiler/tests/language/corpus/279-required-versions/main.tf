terraform {
  required_version = ">= 1.11"
}

module "m" {
  source = "./m"
}

output "a" {
  value = module.m.a
}
