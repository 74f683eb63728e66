output "a" { value = templatefile("${path.module}/t.tftpl", { users = { b = [1, 2], a = [] }, title = "T", on = true }) }
output "b" { value = templatefile("t2.tftpl", { xs = ["a", "b"], m = { k = "v" } }) }
output "c" { value = templatestring(local.t, { x = "y", z = 3 }) }
locals { t = "x=$${x} %%{ if z > 2 }big%%{ else }small%%{ endif } $${z}" }
