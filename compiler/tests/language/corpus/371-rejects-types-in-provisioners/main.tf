resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = ["a"]
    interpreter = "a"
    environment = "x"
    quiet       = "maybe"
  }
}

resource "terraform_data" "b" {
  provisioner "file" {
    content     = "a"
    destination = "b"
    connection {
      host = "x"
      port = "abc"
    }
  }
}
