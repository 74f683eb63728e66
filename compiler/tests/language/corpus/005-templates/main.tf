output "o00" {
  value = "hello ${"world"}"
}
output "o01" {
  value = "${1}"
}
output "o02" {
  value = "${true}"
}
output "o03" {
  value = "a${1}b${true}c"
}
output "o04" {
  value = "${[1, 2]}"
}
output "o05" {
  value = "%{ if true }yes%{ else }no%{ endif }"
}
output "o06" {
  value = "%{ if false }yes%{ endif }"
}
output "o07" {
  value = "%{ for x in ["a", "b"] }${x},%{ endfor }"
}
output "o08" {
  value = "%{ for i, x in ["a", "b"] }${i}=${x};%{ endfor }"
}
output "o09" {
  value = "%{ for k, v in { b = 1, a = 2 } }${k}=${v};%{ endfor }"
}
output "o10" {
  value = "  ${~ "x" ~}  y"
}
output "o11" {
  value = "a ${~ "x" } b"
}
output "o12" {
  value = "$${literal} %%{ literal }"
}
output "o13" {
  value = "tab\tnewline\nquote\" backslash\\ unicode \u00e9 \U0001f600"
}
output "o14" {
  value = "$ % { } $a %b"
}
output "o15" {
  value = "${"nested ${"deeper ${1 + 1}"}"}"
}
output "o16" {
  value = "%{ if true ~}   trimmed   %{~ endif }"
}
output "o17" {
  value = "${1.50}"
}
output "o18" {
  value = "${1e3}"
}
