variable "plain" { default = "default" }
variable "not_null" {
  default  = "default"
  nullable = false
}
variable "typed" { type = number }
variable "with_fields" {
  type = object({ a = string, b = optional(string, "b") })
}
output "all" { value = [var.plain, var.not_null, var.typed, var.with_fields] }
