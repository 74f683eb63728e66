output "a" {
  value = (
    1
    +
    2
  )
}
output "b" {
  value = [
    1
    ,
    2,
  ]
}
output "c" {
  value = {
    a = 1, b = 2
    c = 3,
    d : 4
  }
}
output "d" { value = upper(
  "x",
) }
output "e" {
  value = true ? (
    "y"
  ) : "n"
}
output "f" {

  value = join(",", [for x in [1, 2] :
    x
    if x > 1
  ])

}
output "g" { value = "${
  1 + 1
  }" }
output "h" {
  value = [1, 2, 3
  ][0]
}
