output "a" {
  value = tonumber("x")
}
