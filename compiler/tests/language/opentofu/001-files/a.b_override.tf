output "dotted" {
  value = "a.b_override.tf"
}
