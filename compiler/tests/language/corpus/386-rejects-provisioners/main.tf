resource "terraform_data" "a" {
  provisioner "chef" {}
}

resource "terraform_data" "c" {
  provisioner "file" {
    content     = "a"
    destination = "b"
    connection {
      host = "a"
    }
    connection {
      host = "b"
    }
  }
}

resource "terraform_data" "d" {
  connection {
    host = "a"
  }
  connection {
    host = "b"
  }
}
