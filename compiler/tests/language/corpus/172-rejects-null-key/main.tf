output "a" {
  value = { (null) = 1 }
}
