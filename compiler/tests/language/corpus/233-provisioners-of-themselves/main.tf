resource "terraform_data" "x" {
  input = "a"
  provisioner "local-exec" {
    command = "echo ${terraform_data.x.id} ${self.id}"
  }
}
output "o" {
  value = terraform_data.x.input
}
