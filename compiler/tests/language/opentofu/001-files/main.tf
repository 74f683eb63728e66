output "which" {
  value = "main.tf"
}
