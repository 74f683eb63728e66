output "o00" {
  value = 1 + 2 * 3
}
output "o01" {
  value = (1 + 2) * 3
}
output "o02" {
  value = 10 / 4
}
output "o03" {
  value = 10 % 3
}
output "o04" {
  value = -10 % 3
}
output "o05" {
  value = 5.5 % 2
}
output "o06" {
  value = tostring(1 / 3)
}
output "o07" {
  value = tostring(2 / 3)
}
output "o08" {
  value = tostring(1.5 * 1.1)
}
output "o09" {
  value = tostring(10 - 9.9)
}
output "o10" {
  value = tostring(1e100 + 1)
}
output "o11" {
  value = tostring(123456789012345678901234567890.123456789)
}
output "o12" {
  value = 0.1 + 0.2
}
output "o13" {
  value = 1.5 * 1.1
}
output "o14" {
  value = -"5"
}
output "o15" {
  value = "5" + "6"
}
output "o16" {
  value = tostring(100000000000000000000 * 10000000000000000000000)
}
output "o17" {
  value = 1e3
}
output "o18" {
  value = 1.5e-3
}
output "o19" {
  value = 7 - 10
}
output "o20" {
  value = 1 - -1
}
output "o21" {
  value = 0.5 - 0.25
}
output "o22" {
  value = 1e10 + 1
}
output "o23" {
  value = 3 * (1 / 3)
}
output "o24" {
  value = 10 - 9.9
}
output "remainder_of_none" {
  value = [5 % 0, -5 % 0, 1.5 % 0, 0 % 0]
}
output "zero_by_zero" {
  value = [can(0 / 0), try(0 / 0, "none")]
}
