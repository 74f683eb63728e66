resource "terraform_data" "x" {
  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "true"
  }
}

output "x" {
  value = { null = 2, true = 3 }
}
