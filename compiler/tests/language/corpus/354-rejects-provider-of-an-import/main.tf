import {
  to       = module.m.terraform_data.x
  id       = "a"
  provider = terraform
}

module "m" {
  source = "./m"
}
