output "a" {
  value = terraform_data.x.id
}
