output "a" {
  value = "%{ whil true }x%{ endif }"
}
