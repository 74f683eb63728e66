output "o00" {
  value = true && false
}
output "o01" {
  value = true || false
}
output "o02" {
  value = !true
}
output "o03" {
  value = !false && true
}
output "o04" {
  value = true == !false
}
output "o05" {
  value = "true" && true
}
output "o06" {
  value = 1 < 2 && 2 < 3
}
output "o07" {
  value = false || false || true
}
