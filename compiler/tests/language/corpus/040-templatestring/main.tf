locals {
  t = "hello $${name}%%{ if n > 1 }s%%{ endif }"
}
output "o" { value = templatestring(local.t, { name = "x", n = 2 }) }
