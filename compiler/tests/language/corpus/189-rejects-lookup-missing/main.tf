output "a" {
  value = lookup({ a = 1 }, "b")
}
