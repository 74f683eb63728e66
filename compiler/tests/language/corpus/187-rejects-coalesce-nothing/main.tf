output "a" {
  value = coalesce(null, "")
}
