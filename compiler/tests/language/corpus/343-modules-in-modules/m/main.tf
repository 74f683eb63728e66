variable "n" {
  type = number
}
variable "k" {
  type = string
}
module "inner" {
  source = "../i"
  count = var.n
  v = "${var.k}-${count.index}"
}
output "o" {
  value = module.inner[*].v
}
