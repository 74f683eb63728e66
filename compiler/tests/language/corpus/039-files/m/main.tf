output "text" { value = file("${path.module}/t.txt") }
