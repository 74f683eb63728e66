variable "n" {}
module "inner" {
  source = "../inner"
  count  = var.n
  i      = count.index
}
resource "terraform_data" "r" {
  count = var.n
  input = "r${count.index}"
}
output "all" { value = concat(module.inner[*].v, terraform_data.r[*].input) }
