output "a" {
  value = range(2000)
}
