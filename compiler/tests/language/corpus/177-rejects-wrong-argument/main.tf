output "a" {
  value = upper([1])
}
