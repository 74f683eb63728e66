variable "any_list" {
  type    = list(any)
  default = [1, "a", true]
}
variable "any_map" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "set" {
  type    = set(number)
  default = ["2", 1, 1]
}
variable "tuple" {
  type    = tuple([string, number])
  default = [1, "2"]
}
variable "nested" {
  type = map(object({
    size    = optional(number, 1)
    enabled = optional(bool, true)
    inner = optional(object({
      x = optional(string, "deep")
    }), {})
  }))
  default = {
    one = {}
    two = { size = 5, inner = { x = "y" } }
    tre = { enabled = null }
  }
}
variable "list_of_objects" {
  type    = list(object({ a = string, b = optional(list(number), [1, 2]) }))
  default = [{ a = "x" }, { a = "y", b = [] }]
}
variable "short_list" {
  type    = list
  default = ["a", 1]
}
variable "short_map" {
  type    = map
  default = { a = "x", b = 1 }
}
variable "object_from_map" {
  type    = object({ a = string })
  default = { a = "x", b = "y" }
}
variable "nullable_attribute" {
  type    = object({ a = optional(string), b = optional(number, 3) })
  default = { a = null, b = null }
}
output "any_list" { value = var.any_list }
output "any_map" { value = var.any_map }
output "set" { value = var.set }
output "tuple" { value = var.tuple }
output "nested" { value = var.nested }
output "list_of_objects" { value = var.list_of_objects }
output "short_list" { value = var.short_list }
output "short_map" { value = var.short_map }
output "object_from_map" { value = var.object_from_map }
output "nullable_attribute" { value = var.nullable_attribute }
