output "a" {
  value = [1, 2][0.5]
}
