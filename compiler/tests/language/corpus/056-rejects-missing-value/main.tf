output "a" {
  value =
}
