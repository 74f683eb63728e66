output "a" { value = setproduct(["a", "b"], [1, 2]) }
output "b" { value = setproduct(toset(["a", "b"]), toset(["x"])) }
output "c" { value = setproduct(["a"], []) }
output "d" { value = [for p in setproduct(["dev", "prod"], ["x", "y"]) : "${p[0]}-${p[1]}"] }
output "e" { value = setproduct(["a"], [true], [1]) }
output "f" { value = { for p in setproduct(["a", "b"], ["c"]) : join("/", p) => p[1] } }
output "g" { value = setproduct([{ a = 1 }], ["x"]) }
output "h" { value = setproduct([[1], ["a"]], ["x"]) }
