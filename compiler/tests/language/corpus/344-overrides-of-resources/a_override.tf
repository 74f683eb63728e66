resource "terraform_data" "x" {
  input = 2
  count = 1
}
output "o" {
  value = terraform_data.x[0].input
}
