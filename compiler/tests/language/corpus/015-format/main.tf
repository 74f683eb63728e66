output "o00" {
  value = format("%s is %d years", "Ann", 5)
}
output "o01" {
  value = format("%v", true)
}
output "o02" {
  value = format("%v", [1, "a"])
}
output "o03" {
  value = format("%v", { a = 1 })
}
output "o04" {
  value = format("%v", null)
}
output "o05" {
  value = format("%#v", "a")
}
output "o06" {
  value = format("%#v", [1])
}
output "o07" {
  value = format("%q", "a\"b")
}
output "o08" {
  value = format("%5d|", 42)
}
output "o09" {
  value = format("%-5d|", 42)
}
output "o10" {
  value = format("%05d", 42)
}
output "o11" {
  value = format("%+d", 42)
}
output "o12" {
  value = format("%x %X %o %b", 255, 255, 8, 5)
}
output "o13" {
  value = format("%f", 1.5)
}
output "o14" {
  value = format("%.2f", 3.14159)
}
output "o15" {
  value = format("%8.3f|", 3.14159)
}
output "o16" {
  value = format("%e", 12345.678)
}
output "o17" {
  value = format("%g", 0.0000012)
}
output "o18" {
  value = format("%g", 123456789)
}
output "o19" {
  value = format("%v", 1e30)
}
output "o20" {
  value = format("%v", 1.5)
}
output "o21" {
  value = format("%%")
}
output "o22" {
  value = format("%10s|", "hi")
}
output "o23" {
  value = format("%-10s|", "hi")
}
output "o24" {
  value = format("%.2s", "hello")
}
output "o25" {
  value = format("%[2]s %[1]s", "a", "b")
}
output "o26" {
  value = format("%t", "true")
}
output "o27" {
  value = format("%s", 12)
}
output "o28" {
  value = format("%d", "7")
}
output "o29" {
  value = formatlist("%s-%d", ["a", "b"], 1)
}
output "o30" {
  value = formatlist("%s=%s", ["a", "b"], ["x", "y"])
}
output "o31" {
  value = formatlist("x", [])
}
output "o32" {
  value = format("%03.1f", 2.25)
}
output "o33" {
  value = format("%G", 1e-10)
}
output "o34" {
  value = format("%.3g", 1234.5678)
}
output "o35" {
  value = format("% d", 5)
}
