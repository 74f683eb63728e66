output "a" {
  value = true ? 1
}
