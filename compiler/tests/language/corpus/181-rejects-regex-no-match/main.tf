output "a" {
  value = regex("a", "b")
}
