output "a" { value = core::upper("x") }
output "b" { value = core::join(",", ["a", "b"]) }
