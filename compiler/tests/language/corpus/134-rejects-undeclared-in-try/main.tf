output "a" {
  value = try(local.nope, 1)
}
