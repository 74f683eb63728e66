resource "terraform_data" "x" {
  provisioner "local-exec" {
    when    = never
    command = "true"
  }
}
