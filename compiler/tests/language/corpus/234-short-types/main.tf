variable "list" {
  type    = list
  default = [1, "a"]
}
variable "map" {
  type    = map
  default = { a = 1, b = 2 }
}
output "list" {
  value = var.list
}
output "map" {
  value = var.map
}
output "json" {
  value = [var.json_list, var.json_map]
}
