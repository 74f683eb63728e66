variable "rules" {
  type = list(object({
    port   = number
    proto  = optional(string, "tcp")
    cidrs  = optional(list(string))
    nested = optional(list(object({ a = optional(string, "x"), b = optional(number) })))
  }))
  default = [{ port = "80" }, { port = 443, cidrs = ["10.0.0.0/8"], nested = [{}, { b = 3 }] }]
}
variable "m" {
  type    = map(map(object({ v = optional(number, 1) })))
  default = { a = { b = {} }, c = {} }
}
output "r" { value = var.rules }
output "m" { value = var.m }
output "c" { value = [for r in var.rules : coalesce(r.cidrs, [])] }
output "n" { value = flatten([for r in var.rules : [for n in coalesce(r.nested, []) : "${r.port}-${n.a}"]]) }
