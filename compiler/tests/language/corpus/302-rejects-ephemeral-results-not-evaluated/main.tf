variable "e" {
  default   = true
  ephemeral = true
}

output "base64gzip" {
  value = base64gzip(var.e ? "a" : "a")
}

output "bcrypt_of_text" {
  value = bcrypt(var.e ? "a" : "a")
}

output "bcrypt_at_cost" {
  value = bcrypt("a", var.e ? 4 : 4)
}

output "rsadecrypt_of_text" {
  value = rsadecrypt(var.e ? file("cipher.txt") : "", file("key.pem"))
}

output "rsadecrypt_by_key" {
  value = rsadecrypt(file("cipher.txt"), var.e ? file("key.pem") : "")
}
