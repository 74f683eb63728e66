output "a" {
  value = templatefile("t.tftpl", { a = 1 })
}
