output "o00" {
  value = toset(["b", "a", "b"])
}
output "o01" {
  value = toset([3, 1, 20])
}
output "o02" {
  value = toset([true, false, true])
}
output "o03" {
  value = toset([{ a = "b", n = 1 }, { a = "a", n = 2 }])
}
output "o04" {
  value = toset([["b"], ["a"], []])
}
output "o05" {
  value = toset([1, "a"])
}
output "o06" {
  value = toset([])
}
output "o07" {
  value = toset([[1, 2], [1]])
}
output "o08" {
  value = toset([{ n = 10 }, { n = 9 }, { n = 1.5 }])
}
output "o09" {
  value = toset(["é", "z", "a", "Z"])
}
output "o10" {
  value = setunion(["a"], ["b", "a"])
}
output "o11" {
  value = setintersection(["a", "b"], ["b", "c"])
}
output "o12" {
  value = setsubtract(["a", "b"], ["b"])
}
output "o13" {
  value = setproduct(["a", "b"], ["x", "y"])
}
output "o14" {
  value = setproduct(toset(["b", "a"]), toset([1]))
}
output "o15" {
  value = setproduct([], ["a"])
}
