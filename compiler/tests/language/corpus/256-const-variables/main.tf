variable "which" {
  type  = string
  const = true
}

variable "folders" {
  type    = map(string)
  default = { a = "./modules/a", b = "./modules/b" }
  const   = true
}

locals {
  chosen = var.folders[var.which]
}

module "chosen" {
  source = local.chosen
}

module "named" {
  source = "./modules/${var.which == "b" ? "a" : "b"}"
  inner  = "inner"
}

module "here" {
  source = "${path.module}/modules/b"
}

output "names" {
  value = [module.chosen.name, module.named.name, module.here.name]
}

output "inner" {
  value = module.named.inner
}
