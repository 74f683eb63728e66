output "name" {
  value = "b"
}
