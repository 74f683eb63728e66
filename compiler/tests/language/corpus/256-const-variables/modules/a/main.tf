variable "inner" {
  type    = string
  const   = true
  default = "nowhere"
}

module "inner" {
  source = "./${var.inner}"
}

output "name" {
  value = "a"
}

output "inner" {
  value = module.inner.name
}
