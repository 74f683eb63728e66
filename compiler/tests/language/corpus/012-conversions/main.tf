output "o00" {
  value = tostring(1)
}
output "o01" {
  value = tostring(true)
}
output "o02" {
  value = tostring("a")
}
output "o03" {
  value = tostring(null)
}
output "o04" {
  value = tonumber("1.5")
}
output "o05" {
  value = tonumber("1e2")
}
output "o06" {
  value = tonumber(null)
}
output "o07" {
  value = tobool("true")
}
output "o08" {
  value = tobool("false")
}
output "o09" {
  value = tobool(null)
}
output "o10" {
  value = tolist(["a", 1, true])
}
output "o11" {
  value = tolist(toset(["b", "a"]))
}
output "o12" {
  value = tolist([])
}
output "o13" {
  value = tomap({ a = 1, b = "x" })
}
output "o14" {
  value = tomap({})
}
output "o15" {
  value = tomap({ a = true, b = false })
}
output "o16" {
  value = tolist([[1], ["a"]])
}
output "o17" {
  value = tolist([{ a = 1 }, { a = "x" }])
}
output "o18" {
  value = tolist([null, "a"])
}
output "o19" {
  value = tomap({ a = null, b = 1 })
}
output "o20" {
  value = tolist([{ a = 1 }, { b = 2 }])
}
output "o21" {
  value = toset(tolist(["a"]))
}
