output "o00" {
  value = [for x in [1, 2, 3] : x * 2]
}
output "o01" {
  value = [for i, x in ["a", "b"] : "${i}${x}"]
}
output "o02" {
  value = [for k, v in { b = 1, a = 2 } : "${k}${v}"]
}
output "o03" {
  value = [for x in [1, 2, 3, 4] : x if x % 2 == 0]
}
output "o04" {
  value = { for x in ["a", "b"] : x => upper(x) }
}
output "o05" {
  value = { for i, x in ["a", "b"] : x => i }
}
output "o06" {
  value = { for x in ["a", "b", "a"] : x => length(x)... }
}
output "o07" {
  value = { for k, v in { a = 1, b = 2 } : v => k }
}
output "o08" {
  value = [for x in toset(["b", "a"]) : x]
}
output "o09" {
  value = [for k, x in toset(["b", "a"]) : "${k}${x}"]
}
output "o10" {
  value = [for x in [] : x]
}
output "o11" {
  value = { for x in [] : x => x }
}
output "o12" {
  value = [for x in [[1, 2], [3]] : [for y in x : y + 1]]
}
output "o13" {
  value = { for x in [1, 2] : x => x if x > 1 }
}
output "o14" {
  value = [for x in tolist([1, 2]) : x]
}
output "o15" {
  value = [for x in "" != "" ? ["a"] : [] : x]
}
