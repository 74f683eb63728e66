output "o00" {
  value = cidrhost("10.12.112.0/20", 16)
}
output "o01" {
  value = cidrhost("10.12.112.0/20", 268)
}
output "o02" {
  value = cidrhost("10.0.0.0/8", -1)
}
output "o03" {
  value = cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
}
output "o04" {
  value = cidrnetmask("172.16.0.0/12")
}
output "o05" {
  value = cidrsubnet("172.16.0.0/12", 4, 2)
}
output "o06" {
  value = cidrsubnet("10.1.2.0/24", 4, 15)
}
output "o07" {
  value = cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)
}
output "o08" {
  value = cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
}
output "o09" {
  value = cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32)
}
output "o10" {
  value = [for b in cidrsubnets("10.0.0.0/8", 8, 8) : cidrsubnets(b, 4)]
}
output "o11" {
  value = cidrhost("010.001.0.0/16", 1)
}
