output "a" {
  value = try(tonumber("x"), tobool("y"))
}
