variable "value" {
  type    = object({ name = string })
  default = null
}
resource "terraform_data" "x" {
  input = "a"
}
output "and" {
  value = var.value != null && var.value.name == "a"
}
output "or" {
  value = var.value == null || var.value.name == "a"
}
output "three" {
  value = true && var.value != null && var.value.name == "a"
}
output "unknown" {
  value = terraform_data.x.id == "a" && var.value.name == "a"
}
output "decided_on_the_right" {
  value = [terraform_data.x.id == "a" && false, terraform_data.x.id == "a" || true]
}
output "not_decided" {
  value = [terraform_data.x.id == "a" && true, terraform_data.x.id == "a" || false]
}
output "a_number" {
  value = false && length(5) == 1
}
