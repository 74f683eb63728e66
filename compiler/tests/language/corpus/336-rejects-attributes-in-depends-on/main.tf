resource "terraform_data" "a" {
  count = 1
}
module "m" {
  source = "./m"
}
variable "v" {
  default = { a = { b = 1 } }
}
locals {
  l = { a = 1 }
}
resource "terraform_data" "d1" {
  depends_on = [terraform_data.a[0]]
}
resource "terraform_data" "d2" {
  depends_on = [terraform_data.a[0].id]
}
resource "terraform_data" "d3" {
  depends_on = [module.m]
}
resource "terraform_data" "d4" {
  depends_on = [module.m.o]
}
resource "terraform_data" "d5" {
  depends_on = [module.m.o.x]
}
resource "terraform_data" "d6" {
  depends_on = [var.v]
}
resource "terraform_data" "d7" {
  depends_on = [var.v.a]
}
resource "terraform_data" "d8" {
  depends_on = [local.l.a]
}
resource "terraform_data" "d9" {
  depends_on = [path.module]
}
resource "terraform_data" "d10" {
  depends_on = [data.terraform_remote_state.x]
}
resource "terraform_data" "d11" {
  depends_on = [data.terraform_remote_state.x.outputs]
}
resource "terraform_data" "d12" {
  depends_on = ["terraform_data.a.id"]
}
resource "terraform_data" "d14" {
  depends_on = [terraform.workspace]
}
data "terraform_remote_state" "x" {
  backend = "local"
}
output "o" {
  value = 1
  depends_on = [terraform_data.a.id]
}
module "n" {
  source = "./m"
  depends_on = [terraform_data.a.id]
}
