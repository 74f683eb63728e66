output "o00" {
  value = chomp("a\n\n")
}
output "o01" {
  value = chomp("a\r\n")
}
output "o02" {
  value = endswith("hello", "lo")
}
output "o03" {
  value = startswith("hello", "he")
}
output "o04" {
  value = indent(2, "a\nb\nc")
}
output "o05" {
  value = join(",", ["a", "b"])
}
output "o06" {
  value = join(",", ["a"], ["b", "c"])
}
output "o07" {
  value = join("", [])
}
output "o08" {
  value = lower("HELLO É")
}
output "o09" {
  value = upper("hello é ß")
}
output "o10" {
  value = title("hello world-wide web's")
}
output "o11" {
  value = replace("hello", "l", "L")
}
output "o12" {
  value = replace("hello world", "/o(.)/", "<$1>")
}
output "o13" {
  value = replace("a.b.c", ".", "-")
}
output "o14" {
  value = replace("abc", "/(?P<x>b)/", "[$x]")
}
output "o15" {
  value = split(",", "a,b,,c")
}
output "o16" {
  value = split(",", "")
}
output "o17" {
  value = strcontains("hello", "ell")
}
output "o18" {
  value = strrev("héllo")
}
output "o19" {
  value = substr("hello world", 1, 4)
}
output "o20" {
  value = substr("hello", -3, -1)
}
output "o21" {
  value = substr("hello", 2, 100)
}
output "o22" {
  value = substr("hello", 0, 0)
}
output "o23" {
  value = trim("?!hello?!", "!?")
}
output "o24" {
  value = trimprefix("helloworld", "hello")
}
output "o25" {
  value = trimsuffix("helloworld", "world")
}
output "o26" {
  value = trimspace("  a b \n")
}
output "o27" {
  value = length("héllo")
}
output "o28" {
  value = length("👨‍👩‍👧")
}
output "o29" {
  value = format("%s", "x")
}
