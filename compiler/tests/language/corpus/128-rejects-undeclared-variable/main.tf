output "a" {
  value = var.x
}
