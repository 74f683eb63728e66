variable "n" {
  type = string
  default = null
}
variable "l" {
  type = list(object({ a = string }))
  default = null
}
output "a" {
  value = var.n[*]
}
output "b" {
  value = var.l[*].a
}
output "c" {
  value = "x"[*]
}
output "d" {
  value = { a = 1 }[*].a
}
output "e" {
  value = [[1, 2], [3]][*][0]
}
output "f" {
  value = [{ a = [{ b = 1 }] }].*.a.0.b
}
output "g" {
  value = null[*]
}
output "h" {
  value = [{ a = [1, 2] }, { a = [3] }][*].a[*]
}
output "i" {
  value = toset(["a"])[*]
}
output "j" {
  value = tomap({ a = 1 })[*]
}
