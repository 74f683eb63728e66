variable "e" {
  default   = true
  ephemeral = true
}

resource "terraform_data" "x" {}

output "unknown" {
  value = ephemeralasnull(var.e ? terraform_data.x.id : "a")
}

output "unknown_function" {
  value = ephemeralasnull(var.e ? timestamp() : "a")
}

output "argument_of_unknown_function" {
  value = ephemeralasnull(bcrypt(var.e ? "a" : "a"))
}

output "inside" {
  value = ephemeralasnull([var.e ? terraform_data.x.id : "a", var.e ? "b" : "c", "d"])
}

output "is_it_null" {
  value = ephemeralasnull(var.e ? terraform_data.x.id : "a") == null
}

output "encoded" {
  value = jsonencode(ephemeralasnull(var.e ? { a = terraform_data.x.id } : { a = "" }))
}
