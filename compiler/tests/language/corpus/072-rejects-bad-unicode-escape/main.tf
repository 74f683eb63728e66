output "a" {
  value = "\u12"
}
