output "o00" {
  value = [1, 2, 3][0]
}
output "o01" {
  value = [1, 2, 3]["1"]
}
output "o02" {
  value = { a = 1 }["a"]
}
output "o03" {
  value = { a = 1 }.a
}
output "o04" {
  value = tomap({ a = 1 }).a
}
output "o05" {
  value = tomap({ "a b" = 1 })["a b"]
}
output "o06" {
  value = [[1, 2], [3]][0][1]
}
output "o07" {
  value = { a = { b = [10] } }.a.b[0]
}
output "o08" {
  value = [1, 2, 3][1 + 1]
}
output "o09" {
  value = { 1 = "x" }["1"]
}
output "o10" {
  value = tomap({ 1 = "x" })[1]
}
output "o11" {
  value = "x" == "x" ? [5][0] : 6
}
