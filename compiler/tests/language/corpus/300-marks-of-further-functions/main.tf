terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

locals {
  plain  = "$${a}"
  marked = sensitive("$${a}")
}

output "templatestring" {
  value = {
    "argument 0" = [issensitive(templatestring(local.marked, { a = "b" })), issensitive(jsonencode(templatestring(local.marked, { a = "b" })))]
    "argument 1" = [issensitive(templatestring(local.plain, sensitive({ a = "b" }))), issensitive(jsonencode(templatestring(local.plain, sensitive({ a = "b" }))))]
    "inside 1"   = [issensitive(templatestring(local.plain, { a = sensitive("b") })), issensitive(jsonencode(templatestring(local.plain, { a = sensitive("b") })))]
  }
}

output "base64gzip" {
  value = {
    "argument 0" = [issensitive(base64gzip(sensitive("a"))), issensitive(jsonencode(base64gzip(sensitive("a"))))]
  }
}

output "provider_terraform_decode_tfvars" {
  value = {
    "argument 0" = [issensitive(provider::terraform::decode_tfvars(sensitive("a = 1"))), issensitive(jsonencode(provider::terraform::decode_tfvars(sensitive("a = 1"))))]
  }
}

output "provider_terraform_encode_expr" {
  value = {
    "argument 0" = [issensitive(provider::terraform::encode_expr(sensitive(["a"]))), issensitive(jsonencode(provider::terraform::encode_expr(sensitive(["a"]))))]
    "inside 0"   = [issensitive(provider::terraform::encode_expr([sensitive("a")])), issensitive(jsonencode(provider::terraform::encode_expr([sensitive("a")])))]
  }
}

output "provider_terraform_encode_tfvars" {
  value = {
    "argument 0" = [issensitive(provider::terraform::encode_tfvars(sensitive({ a = "b" }))), issensitive(jsonencode(provider::terraform::encode_tfvars(sensitive({ a = "b" }))))]
    "inside 0"   = [issensitive(provider::terraform::encode_tfvars({ a = sensitive("b") })), issensitive(jsonencode(provider::terraform::encode_tfvars({ a = sensitive("b") })))]
  }
}

output "file" {
  value = {
    "argument 0" = [issensitive(file(sensitive("t.txt"))), issensitive(jsonencode(file(sensitive("t.txt"))))]
  }
}

output "filebase64" {
  value = {
    "argument 0" = [issensitive(filebase64(sensitive("t.txt"))), issensitive(jsonencode(filebase64(sensitive("t.txt"))))]
  }
}

output "fileset" {
  value = {
    "argument 0" = [issensitive(fileset(sensitive("."), "*.txt")), issensitive(jsonencode(fileset(sensitive("."), "*.txt")))]
    "argument 1" = [issensitive(fileset(".", sensitive("*.txt"))), issensitive(jsonencode(fileset(".", sensitive("*.txt"))))]
  }
}

output "bcrypt" {
  value = {
    "argument 0" = [issensitive(bcrypt(sensitive("a"), 4)), issensitive(jsonencode(bcrypt(sensitive("a"), 4)))]
    "argument 1" = [issensitive(bcrypt("a", sensitive(4))), issensitive(jsonencode(bcrypt("a", sensitive(4))))]
  }
}

output "filebase64sha256" {
  value = {
    "argument 0" = [issensitive(filebase64sha256(sensitive("t.txt"))), issensitive(jsonencode(filebase64sha256(sensitive("t.txt"))))]
  }
}

output "filebase64sha512" {
  value = {
    "argument 0" = [issensitive(filebase64sha512(sensitive("t.txt"))), issensitive(jsonencode(filebase64sha512(sensitive("t.txt"))))]
  }
}

output "filemd5" {
  value = {
    "argument 0" = [issensitive(filemd5(sensitive("t.txt"))), issensitive(jsonencode(filemd5(sensitive("t.txt"))))]
  }
}

output "filesha1" {
  value = {
    "argument 0" = [issensitive(filesha1(sensitive("t.txt"))), issensitive(jsonencode(filesha1(sensitive("t.txt"))))]
  }
}

output "filesha256" {
  value = {
    "argument 0" = [issensitive(filesha256(sensitive("t.txt"))), issensitive(jsonencode(filesha256(sensitive("t.txt"))))]
  }
}

output "filesha512" {
  value = {
    "argument 0" = [issensitive(filesha512(sensitive("t.txt"))), issensitive(jsonencode(filesha512(sensitive("t.txt"))))]
  }
}

output "rsadecrypt" {
  value = {
    "argument 0" = [issensitive(rsadecrypt(sensitive(file("cipher.txt")), file("key.pem"))), issensitive(jsonencode(rsadecrypt(sensitive(file("cipher.txt")), file("key.pem"))))]
    "argument 1" = [issensitive(rsadecrypt(file("cipher.txt"), sensitive(file("key.pem")))), issensitive(jsonencode(rsadecrypt(file("cipher.txt"), sensitive(file("key.pem")))))]
  }
}

output "can" {
  value = {
    "argument 0" = [issensitive(can(sensitive("a"))), issensitive(jsonencode(can(sensitive("a"))))]
    "inside 0"   = [issensitive(can([sensitive("a")])), issensitive(jsonencode(can([sensitive("a")])))]
  }
}

output "nonsensitive" {
  value = {
    "argument 0" = [issensitive(nonsensitive(sensitive("a"))), issensitive(jsonencode(nonsensitive(sensitive("a"))))]
  }
}
