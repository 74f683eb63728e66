variable "a" {
  default = "overridden"
}
locals {
  y = "overridden"
}
output "o" {
  value = "overridden"
}
