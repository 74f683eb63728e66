output "over" {
  value = "main_override.tf"
}
