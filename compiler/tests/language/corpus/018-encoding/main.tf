output "o00" {
  value = base64encode("hello ß")
}
output "o01" {
  value = base64decode("aGVsbG8=")
}
output "o02" {
  value = urlencode("a b&c=d/é~-_.!*'()")
}
output "o03" {
  value = csvdecode("a,b\n1,2\n3,\"x, y\"\n")
}
output "o04" {
  value = csvdecode("a\n")
}
output "o05" {
  value = jsonencode({ b = [1, "x", null, true], a = { c = 1.5 } })
}
output "o06" {
  value = jsonencode("a<b>&c\u2028")
}
output "o07" {
  value = jsonencode("tab\t\\ \"")
}
output "o08" {
  value = jsonencode(1e20)
}
output "o09" {
  value = jsonencode([])
}
output "o10" {
  value = jsonencode(null)
}
output "o11" {
  value = jsonencode(toset(["b", "a"]))
}
output "o12" {
  value = jsondecode("{\"a\": [1, 2.5, \"x\", null, true], \"b\": {}}")
}
output "o13" {
  value = jsondecode("1")
}
output "o14" {
  value = jsondecode("[]")
}
output "o15" {
  value = jsondecode("\"\\u00e9\"")
}
output "o16" {
  value = textencodebase64("hé", "UTF-16LE")
}
output "o17" {
  value = textdecodebase64("aADpAA==", "UTF-16LE")
}
output "o18" {
  value = textencodebase64("hé", "UTF-8")
}
output "o19" {
  value = base64sha256("hello")
}
output "o20" {
  value = base64sha512("hello")
}
output "o21" {
  value = md5("hello")
}
output "o22" {
  value = sha1("hello")
}
output "o23" {
  value = sha256("hello")
}
output "o24" {
  value = sha512("hello")
}
output "o25" {
  value = uuidv5("dns", "www.terraform.io")
}
output "o26" {
  value = uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x")
}
output "o27" {
  value = jsonencode({ "b c" = 1, a = "é" })
}
output "o28" {
  value = jsonencode(0.1)
}
