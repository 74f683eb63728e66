resource "terraform_data" "a" {
  provisioner "file" {
    content     = "a"
    source      = "b"
    destination = "c"
  }
  connection {
    host = "x"
  }
}
