locals {
  o = { a = { b = [1, { c = "x" }] } }
  j = jsondecode("{\"a\": null, \"b\": [1, \"2\", true]}")
}
output "a" { value = try(local.o.a.b[1].c, "d") }
output "b" { value = try(local.o.a.z, local.o.z, "d") }
output "c" { value = can(local.o.a.b[5]) }
output "d" { value = try(tonumber("x"), 0) }
output "e" { value = try(local.j.a.x, "none") }
output "f" { value = try(local.j.b[9], local.j.b[1]) }
output "g" { value = try([for x in local.o.a.b : x.c], ["f"]) }
output "h" { value = can(tobool("yes")) }
output "i" { value = try(regex("(\\d+)-(?P<x>\\d+)", "1-2"), "bad") }
output "j" { value = try(file("none.txt"), "no file") }
output "k" { value = try(local.j.a, "x") }
output "l" { value = can(local.j.c) }
output "m" { value = try(tolist(["a", 1]), []) }

output "o" { value = can(formatdate("X", "2020-01-01T00:00:00Z")) }
