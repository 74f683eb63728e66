variable "a" {
  type     = string
  default  = "d"
  nullable = false
}
variable "b" {
  type    = string
  default = null
}
variable "c" {
  type     = map(string)
  default  = {}
  nullable = false
}
variable "d" {
  default = null
}
output "a" { value = var.a }
output "b" { value = var.b == null ? "null" : var.b }
output "c" { value = var.c }
output "d" { value = var.d }
output "e" { value = coalesce(var.b, "x") }
output "f" { value = try(var.d.x, "none") }
output "g" { value = [for x in [1, null, 2] : x if x != null] }
output "h" { value = { for k, v in { a = 1, b = null } : k => v if v != null } }
output "i" { value = var.d[*] }
output "j" { value = var.a[*] }
output "k" { value = merge({ a = 1 }, null, { b = 2 }) }
