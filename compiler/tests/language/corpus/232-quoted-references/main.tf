resource "terraform_data" "first" {
  input = 1
}
resource "terraform_data" "second" {
  input      = 2
  depends_on = ["terraform_data.first"]
  provider   = "terraform"
  lifecycle {
    ignore_changes = ["input"]
  }
}
output "o" {
  value      = terraform_data.second.input
  depends_on = ["terraform_data.first"]
}
