resource "terraform_data" "x" {}

output "o1" {
  value = false && {}
}

output "o2" {
  value = false && [1]
}

output "o3" {
  value = true || "x"
}

output "o4" {
  value = 1 == 2 && 1
}

output "o5" {
  value = terraform_data.x.id == "a" && [1]
}

output "o6" {
  value = [1] && false
}

output "o7" {
  value = {} || true
}

output "o8" {
  value = null || false
}

output "o9" {
  value = false || null
}

output "o10" {
  value = null || null
}

output "o11" {
  value = length(5) == 1 && true
}

output "o12" {
  value = true && length(5) == 1
}

output "o13" {
  value = length(5) == 1 && terraform_data.x.id == "a"
}

output "o14" {
  value = false || length(5) == 1
}

output "o15" {
  value = false && true || null
}
