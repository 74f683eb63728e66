locals {
  a = <<EOT
line
  $${x} %%{y}
${upper("z")}
EOT
  b = <<-EOT
    one
      two

    three ${"x"}
  EOT
  c = <<-EOT
  	tab
    sp
  EOT
  e = <<-EOT
    %{for x in ["a", "b"]~}
    - ${x}
    %{endfor~}
    end
  EOT
  f = <<-EOT
  EOT
  g = [<<A
1
A
    , <<B
2
B
  ]
  h = <<-EOT
    ${"a"}
      b
   ${"c"}
  EOT
  i = <<-EOT
    a \n "q" \
    ${"${"nested"}"}
  EOT
  j = upper(<<-EOT
    x
  EOT
  )
}
output "a" { value = local.a }
output "b" { value = local.b }
output "c" { value = local.c }
output "e" { value = local.e }
output "f" { value = local.f }
output "g" { value = local.g }
output "h" { value = local.h }
output "i" { value = local.i }
output "j" { value = local.j }
