resource "terraform_data" "a" {
  input = { name = "x", tags = ["t"] }
}
resource "terraform_data" "b" {
  input            = terraform_data.a.input.name
  triggers_replace = [terraform_data.a.id]
}
output "b" { value = terraform_data.b.input }
output "resource_prefix" { value = resource.terraform_data.a.input.tags[0] }
output "triggers" { value = terraform_data.b.triggers_replace }
output "bracket" { value = terraform_data.a.input["name"] }
