output "a" {
  value = file("none.txt")
}
