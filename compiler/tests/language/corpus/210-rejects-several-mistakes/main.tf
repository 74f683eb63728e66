locals {
  a = 1 + "x"
  b = upper(1, 2)
}
output "a" {
  value = [1][5]
}
output "b" {
  value = [2][7]
}
