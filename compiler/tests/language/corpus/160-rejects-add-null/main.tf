output "a" {
  value = 1 + null
}
