# In a text with lines of its own, strip markers reach to the end of the line; a quoted text is one line, whatever it says.
locals {
  list = ["p", "q"]
  text = "a:\n%%{ for x in l ~}\n  - $${x}\n%%{ endfor ~}\nend\n"
}

output "file" {
  value = templatefile("${path.module}/loop.tpl", { l = local.list })
}

output "both_sides" {
  value = templatefile("${path.module}/both.tpl", {})
}

output "no_escapes" {
  value = templatefile("${path.module}/escapes.tpl", {})
}

output "templatestring" {
  value = templatestring(local.text, { l = local.list })
}

output "quoted" {
  value = "a:\n%{ for x in local.list ~}\n  - ${x}\n%{ endfor ~}\nend\n"
}

output "quoted_both_sides" {
  value = "a  \n  %{~ if true ~}  \n  \n  b  \n \n %{~ endif ~}\n\n  c"
}

output "values" {
  value = "${"a" ~}  \n\n  ${~ "b"}  \n  ${~ "c"}"
}
