output "b" {
  value = <<-EOT
    a
   b

      c
  %{ for x in [1,2] ~}
    ${x}
  %{ endfor ~}
    end
  EOT
}
output "c" {
  value = [<<A
x
A
  , <<-B
    y
    B
  ]
}
output "d" {
  value = upper(<<-X
    hello "w" \n $${a} %%{b}
  X
  )
}
output "e" {
  value = <<-EOT
	tab
	  two
  EOT
}
output "f" {
  value = <<EOT
EOT
}
