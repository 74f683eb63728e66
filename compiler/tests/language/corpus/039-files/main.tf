output "file" { value = file("${path.module}/data/a.txt") }
output "base64" { value = filebase64("data/a.txt") }
output "exists" { value = [fileexists("data/a.txt"), fileexists("data/none.txt")] }
output "set" { value = fileset("data", "*.txt") }
output "set_deep" { value = fileset(path.module, "data/**/*.txt") }
output "set_choice" { value = fileset("data", "{a,b}.*") }
output "template" { value = templatefile("data/t.tftpl", { names = ["x", "y"], port = 80 }) }
output "md5" { value = filemd5("data/a.txt") }
output "sha1" { value = filesha1("data/a.txt") }
output "sha256" { value = filesha256("data/a.txt") }
output "sha512" { value = filesha512("data/a.txt") }
output "b256" { value = filebase64sha256("data/a.txt") }
output "b512" { value = filebase64sha512("data/a.txt") }
output "json" { value = jsondecode(file("data/x.json")) }
output "module" { value = module.m.text }
output "none" { value = fileset("data/missing", "*") }
module "m" {
  source = "./m"
}
