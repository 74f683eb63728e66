locals {
  xs  = [{ n = "a", ys = [{ z = 1 }, { z = 2 }] }, { n = "b", ys = [] }]
  one = { n = "c", ys = [{ z = 3 }] }
  nul = null
  st  = toset(["b", "a"])
}
output "c" { value = flatten(local.xs[*].ys[*].z) }
output "d" { value = local.one[*].ys[*].z }
output "e" { value = local.nul[*] }
output "f" { value = local.xs.*.n }
output "g" { value = local.xs.*.ys }
output "h" { value = local.st[*] }
output "j" { value = [for x in local.xs : x.ys[*].z] }
output "k" { value = "abc" [*] }
output "l" { value = tolist(["a", "b"])[*] }
output "m" { value = tomap({ a = 1 })[*] }
output "n" { value = local.xs[*]["n"] }
output "o" { value = length(local.nul[*]) }
output "p" { value = local.xs.*.n[0] }

