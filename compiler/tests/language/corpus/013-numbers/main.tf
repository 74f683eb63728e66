output "o00" {
  value = abs(-5.5)
}
output "o01" {
  value = ceil(5.1)
}
output "o02" {
  value = ceil(-5.9)
}
output "o03" {
  value = floor(5.9)
}
output "o04" {
  value = floor(-5.1)
}
output "o05" {
  value = log(16, 2)
}
output "o06" {
  value = log(10, 10)
}
output "o07" {
  value = max(1, 5, 3)
}
output "o08" {
  value = min(1, 5, 3)
}
output "o09" {
  value = max([1, 2]...)
}
output "o10" {
  value = parseint("ff", 16)
}
output "o11" {
  value = parseint("-101", 2)
}
output "o12" {
  value = parseint("Z", 62)
}
output "o13" {
  value = pow(2, 10)
}
output "o14" {
  value = pow(4, 0.5)
}
output "o15" {
  value = pow(2, -1)
}
output "o16" {
  value = signum(-3)
}
output "o17" {
  value = signum(0)
}
output "o18" {
  value = sum([1, 2.5, 3])
}
output "o19" {
  value = sum(["1", 2])
}
output "o20" {
  value = tostring(log(2, 10))
}
output "o21" {
  value = tostring(pow(0.1, 2))
}
output "o22" {
  value = tostring(pow(2, 0.5))
}
output "o23" {
  value = tostring(pow(2, 200))
}
output "o24" {
  value = tostring(sum([0.1, 0.2]))
}
