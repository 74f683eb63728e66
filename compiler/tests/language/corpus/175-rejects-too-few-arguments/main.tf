output "a" {
  value = replace("a", "b")
}
