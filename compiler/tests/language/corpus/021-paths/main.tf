output "o00" {
  value = basename("a/b/c.txt")
}
output "o01" {
  value = basename("a/b/")
}
output "o02" {
  value = basename("")
}
output "o03" {
  value = dirname("a/b/c.txt")
}
output "o04" {
  value = dirname("a")
}
output "o05" {
  value = dirname("/a")
}
output "o06" {
  value = dirname("a/b/")
}
output "o07" {
  value = path.module
}
output "o08" {
  value = path.root
}
output "o09" {
  value = terraform.workspace
}
output "o10" {
  value = pathexpand("/x")
}
output "o11" {
  value = abspath("/a/../b")
}
