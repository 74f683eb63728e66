output "a" {
  value = upper(null)
}
