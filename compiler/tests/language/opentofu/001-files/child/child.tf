output "which" {
  value = "child.tf"
}
