output "a" {
  value = "x".y
}
