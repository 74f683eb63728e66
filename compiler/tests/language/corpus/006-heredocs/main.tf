locals {
  name = "world"
}
output "plain" {
  value = <<EOT
hello
  ${local.name}
EOT
}
output "flush" {
  value = <<-EOT
    hello
      ${local.name}
    end
  EOT
}
output "flush_blank" {
  value = <<-EOT
    a

      b
    EOT
}
output "flush_interpolated_start" {
  value = <<-EOT
    ${local.name} x
      y
    EOT
}
output "directives" {
  value = <<-EOT
    %{ for x in ["a", "b"] ~}
    item ${x}
    %{ endfor ~}
    end
  EOT
}
output "no_strip" {
  value = <<EOT
%{ for x in ["a", "b"] }
${x}
%{ endfor }
EOT
}
output "left_strip" {
  value = <<EOT
start
  %{~ if true }
  yes
  %{~ endif }
end
EOT
}
output "backslash" {
  value = <<EOT
a\nb "quoted" $${x} %%{y}
EOT
}
output "empty" {
  value = <<EOT
EOT
}
output "tabs" {
  value = <<-EOT
		a
			b
	EOT
}
output "less_indented" {
  value = <<-EOT
      deep
    shallow
        deeper
    EOT
}
output "in_list" {
  value = [<<A
one
A
, <<B
two
B
  ]
}
output "interpolated_line" {
  value = <<-EOT
    a ${"x"}
    ${"y"} b
      ${~ "z" ~}
    c
    EOT
}
