locals {
  l = tolist([{ a = 1 }])
}
output "a" {
  value = local.l.a
}
