output "o00" {
  value = regex("[a-z]+", "53453453.345345aaabbbccc23454")
}
output "o01" {
  value = regex("(\\d\\d\\d\\d)-(\\d\\d)-(\\d\\d)", "2019-02-01")
}
output "o02" {
  value = regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs/")
}
output "o03" {
  value = regexall("[a-z]+", "1234abcd5678efgh9")
}
output "o04" {
  value = regexall("(a)(b)?", "abaa")
}
output "o05" {
  value = regexall("x", "abc")
}
output "o06" {
  value = regexall("(?P<k>[a-z])=(?P<v>\\d)", "a=1 b=2")
}
output "o07" {
  value = can(regex("^[a-z]+$", "abc"))
}
output "o08" {
  value = can(regex("^[a-z]+$", "ABC"))
}
output "o09" {
  value = length(regexall("a", "banana"))
}
output "o10" {
  value = replace("2024-01", "/-(\\d+)/", "/$${1}")
}
output "o11" {
  value = regex("(?i)HELLO", "say hello")
}
