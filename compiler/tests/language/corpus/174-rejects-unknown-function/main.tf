output "a" {
  value = upperr("x")
}
