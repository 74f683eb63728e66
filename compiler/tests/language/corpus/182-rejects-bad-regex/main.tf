output "a" {
  value = regex("(", "b")
}
