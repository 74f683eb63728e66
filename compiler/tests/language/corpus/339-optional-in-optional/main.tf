variable "a" {
  type = object({
    name = string
    opts = optional(object({ x = optional(number, 3), y = optional(list(string), ["q"]), z = optional(map(number)) }), {})
    tags = optional(map(string), { k = "v" })
  })
  default = { name = "n" }
}
variable "b" {
  type = map(object({ on = optional(bool, true), l = optional(set(string), ["b", "a"]) }))
  default = { x = {}, y = { on = null }, z = { l = ["c"] } }
}
variable "c" {
  type = list(object({ t = optional(tuple([string, number]), ["a", 1]), n = optional(any) }))
  default = [{}, { n = 3 }, { n = 4 }]
}
output "a" {
  value = var.a
}
output "b" {
  value = var.b
}
output "c" {
  value = var.c
}
