resource "terraform_data" "x" {}

output "o1" {
  value = contains(toset([terraform_data.x.id]), toset([]))
}

output "o2" {
  value = contains([terraform_data.x.id], 1)
}

output "o3" {
  value = contains("a", terraform_data.x.id)
}

output "o4" {
  value = contains(terraform_data.x.id, "a")
}

output "o5" {
  value = contains(toset([1, 2]), terraform_data.x.id)
}

output "o6" {
  value = terraform_data.x.id == 1
}

output "o7" {
  value = tonumber(terraform_data.x.id) == terraform_data.x.id
}

output "o8" {
  value = [terraform_data.x.id] == [1]
}

output "o9" {
  value = { a = terraform_data.x.id } == { a = 1 }
}

output "o10" {
  value = tolist([]) == terraform_data.x.id
}

output "o11" {
  value = terraform_data.x.id == []
}

output "o12" {
  value = terraform_data.x.id == { a = terraform_data.x.id }
}

output "o13" {
  value = anytrue([true, tobool(terraform_data.x.id)])
}

output "o14" {
  value = anytrue([tobool(terraform_data.x.id), true])
}

output "o15" {
  value = alltrue([false, tobool(terraform_data.x.id)])
}

output "o16" {
  value = alltrue([tobool(terraform_data.x.id), false])
}

output "o17" {
  value = anytrue(["true", false])
}

output "o18" {
  value = coalescelist(terraform_data.x.id, "a")
}

output "o19" {
  value = coalescelist([], terraform_data.x.id, "a")
}

output "o20" {
  value = coalescelist(["b"], terraform_data.x.id, "a")
}

output "o21" {
  value = coalescelist([terraform_data.x.id])
}

output "o22" {
  value = parseint("1", terraform_data.x.id)
}

output "o23" {
  value = parseint(terraform_data.x.id, 100)
}

output "o24" {
  value = parseint("zz", tonumber(terraform_data.x.id))
}

output "o25" {
  value = index([terraform_data.x.id, 1], 1)
}

output "o26" {
  value = index([terraform_data.x.id, "a"], "a")
}

output "o27" {
  value = index(toset(["a"]), terraform_data.x.id)
}

output "o28" {
  value = index({}, terraform_data.x.id)
}

output "o29" {
  value = index([], terraform_data.x.id)
}

output "o30" {
  value = sum([terraform_data.x.id])
}

output "o31" {
  value = sum(toset([terraform_data.x.id]))
}

output "o32" {
  value = sum(terraform_data.x.id)
}

output "o33" {
  value = sum([1, null, terraform_data.x.id])
}

output "o34" {
  value = matchkeys(["a"], ["b"], [terraform_data.x.id])
}

output "o35" {
  value = matchkeys(["a"], [terraform_data.x.id], ["b"])
}

output "o36" {
  value = matchkeys(["a"], [terraform_data.x.id], [])
}

output "o37" {
  value = matchkeys([terraform_data.x.id], ["a"], ["a"])
}

output "o38" {
  value = matchkeys(["a", "b"], ["x", "y"], ["y", terraform_data.x.id])
}

output "o39" {
  value = matchkeys(["a", "b"], ["x", "y"], [terraform_data.x.id, "y"])
}

output "o40" {
  value = setsubtract([], [terraform_data.x.id])
}

output "o41" {
  value = setsubtract([terraform_data.x.id], ["a"])
}

output "o42" {
  value = setintersection([terraform_data.x.id], ["a"])
}

output "o43" {
  value = setunion([terraform_data.x.id], ["a"])
}

output "o44" {
  value = slice([1, 2], 2, tonumber(terraform_data.x.id))
}

output "o45" {
  value = slice(tolist([1, 2]), 2, tonumber(terraform_data.x.id))
}

output "o46" {
  value = element([1, "a"], tonumber(terraform_data.x.id))
}

output "o47" {
  value = element(tolist([1]), tonumber(terraform_data.x.id))
}

output "o48" {
  value = element([], tonumber(terraform_data.x.id))
}

output "o49" {
  value = lookup({ a = 1 }, terraform_data.x.id)
}

output "o50" {
  value = lookup(tomap({ a = 1 }), terraform_data.x.id, 2)
}

output "o51" {
  value = zipmap([terraform_data.x.id], ["a", "b"])
}

output "o52" {
  value = zipmap([terraform_data.x.id], tolist(["a"]))
}

output "o53" {
  value = zipmap(["a"], [terraform_data.x.id])
}

output "o54" {
  value = templatefile("there is none", terraform_data.x.id)
}

output "o55" {
  value = fileset("there is none", "[")
}

output "o56" {
  value = fileexists("main.tf")
}

output "o57" {
  value = fileexists("there is none")
}

output "o58" {
  value = merge(null, toset(["a"]))
}

output "o59" {
  value = signum(9223372036854775807)
}

output "o60" {
  value = signum(-3)
}

output "o61" {
  value = setproduct(toset([terraform_data.x.id]), toset(["a", "b"]))
}

output "o62" {
  value = setproduct(toset([terraform_data.x.id, "c"]), toset(["a", "b"]))
}

output "o63" {
  value = flatten({ a = terraform_data.x.id, b = [1, terraform_data.x.id] })
}

output "o64" {
  value = element(tolist(["a", "b"]), -3)
}
