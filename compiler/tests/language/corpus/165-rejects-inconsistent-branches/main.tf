output "a" {
  value = true ? { a = 1 } : [1]
}
