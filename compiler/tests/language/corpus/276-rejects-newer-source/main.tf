terraform {
  required_version = ">= 1.11, < 1.12"
}

locals {
  where = "./m"
}

module "m" {
  source = local.where
}
