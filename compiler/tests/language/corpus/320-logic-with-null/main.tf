resource "terraform_data" "x" {}

output "o1" {
  value = null && false
}

output "o2" {
  value = false && null
}

output "o3" {
  value = null || true
}

output "o4" {
  value = true || null
}

output "o5" {
  value = null && true
}

output "o6" {
  value = null && null
}

output "o7" {
  value = tobool(null) && false
}

output "o8" {
  value = tobool(null) && true
}

output "o9" {
  value = true && null
}

output "o10" {
  value = terraform_data.x.id == "a" && null
}

output "o11" {
  value = null && terraform_data.x.id == "a"
}

output "o12" {
  value = terraform_data.x.id == "a" || null
}

output "o13" {
  value = null || terraform_data.x.id == "a"
}

output "o14" {
  value = length(5) == 1 && false
}

output "o15" {
  value = length(5) == 1 || true
}

output "o16" {
  value = terraform_data.x.id == "a" && length(5) == 1
}

output "o17" {
  value = length(5) == 1 && false && true
}

output "o18" {
  value = true && true && null
}

output "o19" {
  value = "false" && length(5) == 1
}
