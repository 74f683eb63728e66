output "a" {
  value = convert("a", number)
}
output "b" {
  value = convert("a", nonsense)
}
output "c" {
  value = convert("a")
}
output "d" {
  value = convert("a", string, string)
}
output "e" {
  value = convert({}, object({ a = string }))
}
output "f" {
  value = convert(local.x, string)
}
output "g" {
  value = convert("a", "string")
}
output "h" {
  value = convert(["a"], list)
}
