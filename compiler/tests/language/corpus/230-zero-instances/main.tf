variable "enabled" {
  default = false
}
locals {
  names = var.enabled ? ["a"] : []
}
resource "terraform_data" "first" {
  count = var.enabled ? 1 : 0
  input = local.names[0]
}
resource "terraform_data" "second" {
  count = var.enabled ? 1 : 0
  input = terraform_data.first[0].output
}
resource "terraform_data" "third" {
  for_each = toset(local.names)
  input    = element(local.names, 0)
  lifecycle {
    precondition {
      condition     = terraform_data.first[0].input == "a"
      error_message = "It is not a."
    }
  }
}
module "m" {
  source = "./m"
  count  = var.enabled ? 1 : 0
  name   = local.names[0]
}
output "first" {
  value = one(terraform_data.first[*].input)
}
output "second" {
  value = [for one in terraform_data.second : one.input]
}
output "third" {
  value = { for name, one in terraform_data.third : name => one.input }
}
output "module" {
  value = module.m[*].name
}
