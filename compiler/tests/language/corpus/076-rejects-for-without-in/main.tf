output "a" {
  value = [for x [1] : x]
}
