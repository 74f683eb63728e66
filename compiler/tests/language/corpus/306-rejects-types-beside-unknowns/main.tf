resource "terraform_data" "x" {}

output "o1" {
  value = anytrue([1])
}

output "o2" {
  value = alltrue(["true", 1])
}

output "o3" {
  value = anytrue(["true", tonumber(terraform_data.x.id)])
}

output "o4" {
  value = transpose({ a = null })
}

output "o5" {
  value = coalescelist(toset(["a"]))
}

output "o6" {
  value = coalescelist(null, ["a"])
}

output "o7" {
  value = coalescelist([terraform_data.x.id], "a")
}

output "o8" {
  value = parseint({}, tonumber(terraform_data.x.id))
}

output "o9" {
  value = index({ a = terraform_data.x.id }, 1)
}

output "o10" {
  value = index(toset([terraform_data.x.id]), 1)
}

output "o11" {
  value = sum({ a = terraform_data.x.id })
}

output "o12" {
  value = sum({})
}

output "o13" {
  value = matchkeys(["a", "b"], ["a"], [terraform_data.x.id])
}

output "o17" {
  value = setunion([terraform_data.x.id], [{}])
}

output "o18" {
  value = slice(toset([1, 2]), tonumber(terraform_data.x.id), 1)
}

output "o19" {
  value = slice([1, 2], tonumber(terraform_data.x.id), 5)
}

output "o20" {
  value = slice(tolist([1, 2]), 3, tonumber(terraform_data.x.id))
}

output "o21" {
  value = slice({}, tonumber(terraform_data.x.id), 1)
}

output "o22" {
  value = element("-", tonumber(terraform_data.x.id))
}

output "o23" {
  value = element(toset([1]), tonumber(terraform_data.x.id))
}

output "o24" {
  value = lookup([1], terraform_data.x.id)
}

output "o25" {
  value = lookup(tomap({ a = 1 }), terraform_data.x.id, [])
}

output "o26" {
  value = lookup(tomap({ a = 1 }), terraform_data.x.id, 1, 2)
}

output "o27" {
  value = zipmap([terraform_data.x.id], { a = 1 })
}

output "o28" {
  value = zipmap(["a", "b"], [terraform_data.x.id])
}

output "o29" {
  value = fileexists(".")
}

output "o30" {
  value = fileexists("")
}

output "o31" {
  value = merge(null, toset([1]))
}

output "o32" {
  value = merge(null, [1])
}

output "o33" {
  value = signum(9223372036854775808)
}

output "o34" {
  value = signum(1e100)
}
