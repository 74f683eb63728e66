variable "a" {
  default = "x"
}
variable "b" {
  type    = number
  default = "5"
}
variable "c" {
  type    = list(string)
  default = [1, true]
}
variable "d" {
  type = object({
    name = string
    port = optional(number, 80)
    tags = optional(map(string))
  })
  default = {
    name  = "n"
    extra = "dropped"
  }
}
variable "e" {
  type    = any
  default = { a = [1, "x"] }
}
variable "f" {
  default = null
}
output "a" { value = var.a }
output "b" { value = var.b }
output "c" { value = var.c }
output "d" { value = var.d }
output "e" { value = var.e }
output "f" { value = var.f }
