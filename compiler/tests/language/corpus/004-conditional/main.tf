output "o00" {
  value = true ? "a" : "b"
}
output "o01" {
  value = false ? 1 : 2
}
output "o02" {
  value = true ? 1 : "a"
}
output "o03" {
  value = true ? [1] : ["a", "b"]
}
output "o04" {
  value = true ? { a = 1 } : { a = "x", b = 2 }
}
output "o05" {
  value = true ? null : 1
}
output "o06" {
  value = false ? null : "x"
}
output "o07" {
  value = true ? [] : [1]
}
output "o08" {
  value = true ? { a = 1, b = "x" } : { a = 2, b = "y" }
}
output "o09" {
  value = false ? tolist(["a"]) : tolist([])
}
output "o10" {
  value = true ? tomap({ a = 1 }) : {}
}
output "o11" {
  value = "true" ? 1 : 2
}
output "o12" {
  value = true ? [1, "a"] : [2, "b"]
}
output "o13" {
  value = true ? [1, "a"] : [2, 3]
}
output "o14" {
  value = 1 == 1 ? 2 == 2 ? "a" : "b" : "c"
}
output "o15" {
  value = true ? { a = null } : { a = "x" }
}
