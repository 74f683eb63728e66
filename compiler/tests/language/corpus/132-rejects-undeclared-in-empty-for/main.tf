output "a" {
  value = [for x in [] : local.nope]
}
