resource "terraform_data" "x" {
  input = 1
  triggers_replace = [1]
  lifecycle {
    create_before_destroy = true
  }
}
output "o" {
  value = terraform_data.x.input
}
