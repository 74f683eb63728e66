variable "a" {
  default = = 1
#           ^ error[syntax]: Expected the start of an expression, but found an invalid expression token.
}

resource "lanyard_service_account" "one" {
  name = "x
#        ^^ error[syntax]: Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \n escape or a heredoc.
}

resource "lanyard_service_account" "two" {
#                                        ^ error[syntax]: There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.
  name = "fine"

resource "lanyard_service_account" "three" {
  name  = "three"
  roles = [for x in ["a"] x]
#                         ^ error[syntax]: For expression requires a colon after the collection expression.
  nme   = "said as well"
# ^^^ error[unknown-attribute]: An argument named "nme" is not expected here.
# hint: did you mean "name"?
}

output "unclosed" {
  value = upper("a"
}
# ^ error[syntax]: A comma is required to separate each function argument from the next.

output "fine" {
  value = "${var.a} ${lanyard_service_account.one.name}"
}

output "also" {
  value = local.missing
#         ^^^^^^^^^^^^^ error[undeclared-reference]: There is no local value named "missing" in this module.
#         hint: declare it in a locals block
}
