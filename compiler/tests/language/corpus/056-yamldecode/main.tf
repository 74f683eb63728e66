output "o00" {
  value = yamldecode("a: 1\nb: two\nc: [x, 'y', \"z\"]\nd: {e: true, f: ~}\n")
}
output "o01" {
  value = yamldecode("- 1\n- 1.5\n- -3\n- +4\n- 0x1F\n- 0o17\n- 007\n- 1e3\n- .5\n- 5.\n- 1_000\n- 0b11\n")
}
output "o02" {
  value = yamldecode("[yes, No, on, OFF, y, N, true, False, TRUE, tRue]")
}
output "o03" {
  value = yamldecode("['yes', \"12\", 'null', \"~\", '']")
}
output "o04" {
  value = yamldecode("[null, ~, Null, NULL, nUll]")
}
output "o05" {
  value = yamldecode("a:\nb: ''\n")
}
output "o06" {
  value = yamldecode("2026-01-02")
}
output "o07" {
  value = yamldecode("[2026-1-2, 2026-01-02T03:04:05Z, 2026-01-02T03:04:05.678Z, 2026-01-02t3:4:5+02:00, 2026-01-02 03:04:05, 2026-13-01, 2026-01-02T03:04:05+00:00]")
}
output "o08" {
  value = yamldecode("base: &b\n  x: 1\n  y: 2\nmore:\n  <<: *b\n  y: 3\n")
}
output "o09" {
  value = yamldecode("a: &a {x: 1}\nb: &b {y: 2, x: 9}\nc:\n  <<: *b\n  z: 3\nd: *a\n")
}
output "o10" {
  value = yamldecode("text: |\n  line one\n  line two\nfolded: >-\n  some\n  words\nkept: |+\n  x\n\nnum: |-\n  12\n")
}
output "o11" {
  value = yamldecode("!!str 12")
}
output "o12" {
  value = yamldecode("[!!int \"12\", !!float 1.5, !!bool \"yes\", !!null x, !!binary aGk=, !!str true]")
}
output "o13" {
  value = yamldecode("1: a\ntrue: b\n2.50: c\nyes: d\n")
}
output "o14" {
  value = yamldecode("a: 1\na: 2\n")
}
output "o15" {
  value = yamldecode("---\na: 1\n...\n")
}
output "o16" {
  value = yamldecode("# comment\nx: 1 # more\n")
}
output "o17" {
  value = yamldecode("\"a b\": 'it''s'\nc: \"tab\\tnew\\nline \\u00e9\"\n")
}
output "o18" {
  value = yamldecode("just text")
}
output "o19" {
  value = yamldecode("plain: a multi\n  line text\n")
}
output "o20" {
  value = yamldecode("- - a\n  - b\n- c: d\n  e: f\n")
}
output "o21" {
  value = yamldecode("{}")
}
output "o22" {
  value = yamldecode("[]")
}
output "o23" {
  value = yamldecode("url: http://example.com:80/x\ntime: 12:30:45\nversion: 1.2.3\nneg: -x\nplus: +x\ntilde: ~x\nno: nothing\n")
}
output "o24" {
  value = yamldecode("tokens:\n  ci:\n    ttl: 90d\n    scopes: [samples:read, samples:write]\n  deploy:\n    ttl: 30d\n")
}
output "o25" {
  value = yamldecode("12345678901234567890.123")
}
output "o26" {
  value = yamldecode("'#not': a # comment\nb: c#d\n")
}
output "o27" {
  value = yamldecode("? complex\n: value\n")
}
output "o28" {
  value = yamldecode("a: !!str\nb: !!null ''\n")
}
variable "text" {
  default   = "a: x"
  sensitive = true
}
output "marked" {
  value     = yamldecode(var.text).a
  sensitive = true
}
output "unknown" {
  value = yamldecode(terraform_data.x.output)
}
resource "terraform_data" "x" {
  input = timestamp()
}
resource "terraform_data" "each" {
  for_each = yamldecode("{a: 1, b: 2}")
  input    = each.value
}
