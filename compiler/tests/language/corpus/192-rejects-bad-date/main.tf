output "a" {
  value = formatdate("YYYY", "yesterday")
}
