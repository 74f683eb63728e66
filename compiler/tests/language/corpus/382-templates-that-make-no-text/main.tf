output "list" {
  value = templatefile("value.tftpl", { x = [1, 2] })
}

output "number" {
  value = templatefile("value.tftpl", { x = 5 })
}
