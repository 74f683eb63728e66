output "a" {
  value = tomap({ a = 1 })["b"]
}
