variable "m" {
  type    = map(object({ name = string, extra = optional(any) }))
  default = { a = { name = "x" }, b = { name = "y", extra = null } }
}
variable "l" {
  type    = list(object({ name = string, extra = any }))
  default = [{ name = "x", extra = 1 }, { name = "y", extra = 2 }]
}
variable "o" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "p" {
  type    = list(any)
  default = [1, "a", true]
}
variable "q" {
  type    = map(object({ name = string, extra = optional(any, "d") }))
  default = { a = { name = "x" }, b = { name = "y", extra = 2 } }
}
output "m" { value = var.m }
output "l" { value = var.l }
output "o" { value = var.o }
output "p" { value = var.p }
output "q" { value = var.q }
