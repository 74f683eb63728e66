variable "not_constant" {
  default = "./m"
}

resource "terraform_data" "x" {
  input = "./m"
}

locals {
  through = terraform_data.x.input
}

module "of_a_resource" {
  source = terraform_data.x.input
}

module "of_a_local" {
  source = local.through
}

module "of_a_variable" {
  source = var.not_constant
}
