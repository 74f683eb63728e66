variable "e" {
  default   = true
  ephemeral = true
}

output "convert" {
  value = {
    "argument 0" = [issensitive(convert(sensitive(["a"]), list(string))), issensitive(jsonencode(convert(sensitive(["a"]), list(string))))]
    "inside 0"   = [issensitive(convert([sensitive("a")], list(string))), issensitive(jsonencode(convert([sensitive("a")], list(string))))]
  }
}

output "convert_ephemeral" {
  value = {
    "argument 0" = jsonencode(ephemeralasnull(convert((var.e ? ["a"] : ["a"]), list(string))))
    "inside 0"   = jsonencode(ephemeralasnull(convert([(var.e ? "a" : "a")], list(string))))
  }
}
