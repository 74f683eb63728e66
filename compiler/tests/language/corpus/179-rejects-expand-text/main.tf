output "a" {
  value = max("x"...)
}
