variable "n" { default = 2 }
resource "terraform_data" "x" {
  count = var.n
  input = "v${count.index}"
}
resource "terraform_data" "none" {
  count = 0
  input = count.index
}
output "inputs" { value = terraform_data.x[*].input }
output "one" { value = terraform_data.x[1].input }
output "length" { value = length(terraform_data.x) }
output "none" { value = length(terraform_data.none) }
output "none_splat" { value = terraform_data.none[*].input }
output "ids" { value = terraform_data.x[*].id }
output "whole" { value = terraform_data.x[0] }
