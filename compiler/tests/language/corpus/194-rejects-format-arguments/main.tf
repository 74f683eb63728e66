output "a" {
  value = format("%d", "x")
}
