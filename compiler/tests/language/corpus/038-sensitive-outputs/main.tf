variable "s" {
  default   = "secret"
  sensitive = true
}
output "s" {
  value     = var.s
  sensitive = true
}
output "derived" {
  value     = "x-${var.s}"
  sensitive = true
}
output "cleared" {
  value = nonsensitive(length(var.s))
}
output "marked" {
  value     = { a = sensitive("x"), b = "y" }
  sensitive = true
}
output "is" { value = issensitive(var.s) }
output "module_in" { value = issensitive(module.m.echo) }
module "m" {
  source = "./m"
  in     = var.s
}
output "number" {
  value     = length(var.s) / 4
  sensitive = true
}
output "bool" {
  value     = var.s != "x"
  sensitive = true
}
output "mixed" {
  value     = { n = sensitive(7), list = [sensitive(false), 1] }
  sensitive = true
}
