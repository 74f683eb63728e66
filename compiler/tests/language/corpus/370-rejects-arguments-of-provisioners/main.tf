resource "terraform_data" "a" {
  provisioner "local-exec" {
    other = 1
  }
}

resource "terraform_data" "b" {
  provisioner "file" {
    content = "a"
    block {}
  }
  connection {
    host = "a"
  }
}

resource "terraform_data" "c" {
  count = 0
  provisioner "remote-exec" {
    inline = ["a"]
    connection {
      type = "ssh"
    }
  }
  connection {
    user = "u"
  }
}

resource "terraform_data" "d" {
  provisioner "remote-exec" {
    inline = ["a"]
    connection {
      host  = "a"
      other = 1
    }
  }
}
