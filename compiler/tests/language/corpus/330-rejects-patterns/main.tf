# Each is a mistake once a name leads to it.
output "wrong_1" {
  value = fileset(path.module, "{a,{b}")
}

output "wrong_2" {
  value = fileset(path.module, "{[a,b].txt,c}")
}

output "wrong_3" {
  value = fileset(path.module, "[a-]")
}

output "wrong_4" {
  value = fileset(path.module, "[a-b-c]")
}

output "wrong_5" {
  value = fileset(path.module, "[]")
}

output "wrong_6" {
  value = fileset(path.module, "[-a]")
}

output "wrong_7" {
  value = fileset(path.module, "sub/[")
}

output "wrong_8" {
  value = fileset(path.module, "{a/b,c}")
}

output "wrong_9" {
  value = fileset(path.module, "[a/b]")
}

output "wrong_10" {
  value = fileset(path.module, "{*.tf,**/x}*")
}
