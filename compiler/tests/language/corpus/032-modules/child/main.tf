variable "name" {
  type = string
}
variable "suffix" {
  default = "!"
}
module "inner" {
  source = "./inner"
  value  = var.name
}
output "upper" { value = "${upper(var.name)}${var.suffix}" }
output "path" { value = path.module }
output "nested" { value = module.inner.doubled }
