locals {
  größe = "ä"
  x-y   = 1
}
output "a" { value = local.größe }
output "b" { value = local.x-y }
output "c" { value = "e\u0301" == "\u00e9" }
output "d" { value = "日本" }
output "e" { value = { "ключ" = 1, größe = 2 } }
