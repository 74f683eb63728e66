locals {
  outer = "$${templatestring(inner, { x = [1, y] })}"
}

output "files" {
  value = templatefile("outer.tftpl", { inner = "$${x}" })
}

output "texts" {
  value = templatestring(local.outer, { inner = "$${x}", y = 2 })
}

output "null" {
  value = templatestring("$${x}", { x = null }) == null
}
