resource "terraform_data" "map" {
  for_each = { b = 1, a = 2 }
  input    = "${each.key}=${each.value}"
}
resource "terraform_data" "set" {
  for_each = toset(["x", "y"])
  input    = [each.key, each.value]
}
resource "terraform_data" "none" {
  for_each = {}
  input    = each.key
}
output "map" { value = { for k, v in terraform_data.map : k => v.input } }
output "one" { value = terraform_data.map["a"].input }
output "set" { value = values(terraform_data.set)[*].input }
output "keys" { value = keys(terraform_data.map) }
output "none" { value = terraform_data.none }
