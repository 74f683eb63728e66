resource "terraform_data" "x" {}

output "o14" {
  value = matchkeys(["a"], [["b"]], [terraform_data.x.id])
}

output "o15" {
  value = setsubtract([terraform_data.x.id], [{}])
}

output "o16" {
  value = setintersection([terraform_data.x.id], [[]])
}
