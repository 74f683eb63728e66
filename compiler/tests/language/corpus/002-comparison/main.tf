output "o00" {
  value = 1 < 2
}
output "o01" {
  value = 2 <= 2
}
output "o02" {
  value = 3 > "2"
}
output "o03" {
  value = 1 == 1.0
}
output "o04" {
  value = "1" == 1
}
output "o05" {
  value = "a" == "a"
}
output "o06" {
  value = "a" != "b"
}
output "o07" {
  value = [1, 2] == [1, 2]
}
output "o08" {
  value = [1, 2] == tolist([1, 2])
}
output "o09" {
  value = { a = 1 } == { a = 1 }
}
output "o10" {
  value = { a = 1 } == tomap({ a = 1 })
}
output "o11" {
  value = null == null
}
output "o12" {
  value = "a" == null
}
output "o13" {
  value = [] == []
}
output "o14" {
  value = toset(["a", "b"]) == toset(["b", "a"])
}
output "o15" {
  value = [null] == [null]
}
output "o16" {
  value = true == "true"
}
