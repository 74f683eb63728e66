output "a" {
  value    = 1
  sensitiv = true
}
