provider "terraform" {
  alias = "a"
}
module "m" {
  source = "./m"
  providers = {
    terraform = terraform.a
    terraform = terraform
  }
}
