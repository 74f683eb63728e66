output "a" {
  value = path.here
}
