output "a" {
  value = "x
}
