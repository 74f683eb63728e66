output "a" {
  value = "x%{ endif }"
}
