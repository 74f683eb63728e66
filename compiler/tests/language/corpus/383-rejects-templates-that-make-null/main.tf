output "null" {
  value = templatefile("value.tftpl", { x = null })
}
