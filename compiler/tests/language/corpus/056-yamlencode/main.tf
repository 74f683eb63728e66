output "o00" {
  value = yamlencode("plain")
}
output "o01" {
  value = yamlencode("")
}
output "o02" {
  value = yamlencode("two words")
}
output "o03" {
  value = yamlencode(1)
}
output "o04" {
  value = yamlencode(-1.5)
}
output "o05" {
  value = yamlencode(1e30)
}
output "o06" {
  value = yamlencode(0.1)
}
output "o07" {
  value = yamlencode(true)
}
output "o08" {
  value = yamlencode(false)
}
output "o09" {
  value = yamlencode(null)
}
output "o10" {
  value = yamlencode([])
}
output "o11" {
  value = yamlencode({})
}
output "o12" {
  value = yamlencode([1, "a", true, null])
}
output "o13" {
  value = yamlencode({ b = 1, a = "x", "c d" = [], "1" = {} })
}
output "o14" {
  value = yamlencode({ a = { b = { c = 1 } } })
}
output "o15" {
  value = yamlencode({ a = [1, { b = 2, c = 3 }, [4, [5, 6]], []] })
}
output "o16" {
  value = yamlencode([[1, 2], [[3]], { a = [1] }])
}
output "o17" {
  value = yamlencode([{ a = { b = 1 } }, { a = [{ b = 1, c = [2] }] }])
}
output "o18" {
  value = yamlencode("one\ntwo")
}
output "o19" {
  value = yamlencode("one\ntwo\n")
}
output "o20" {
  value = yamlencode("one\ntwo\n\n")
}
output "o21" {
  value = yamlencode("one\n\n  three\n")
}
output "o22" {
  value = yamlencode("\n")
}
output "o23" {
  value = yamlencode("\n\nx")
}
output "o24" {
  value = yamlencode(" x\ny")
}
output "o25" {
  value = yamlencode("x \ny")
}
output "o26" {
  value = yamlencode("x\ny ")
}
output "o27" {
  value = yamlencode("x\ty\nz")
}
output "o28" {
  value = yamlencode({ a = "one\ntwo", b = ["x\ny\n", "z"], c = { d = "p\n\nq\n\n", e = 1 } })
}
output "o29" {
  value = yamlencode(["a\n", "b\n\n"])
}
output "o30" {
  value = yamlencode("quote \" backslash \\ tab \t bell \u0007 return \r zero-width \u200b nbsp \u00a0 nel \u0085 ls \u2028 ps \u2029 del \u007f esc \u001b bs \u0008 ff \u000c vt \u000b nul-ish \u0001")
}
output "o31" {
  value = yamlencode("été 漢字 😀 \ue000 \ufffd \uffff")
}
output "o32" {
  value = yamlencode("😀\nx")
}
output "o33" {
  value = yamlencode("\ufeffab c")
}
output "o34" {
  value = yamlencode("a\n\ufeff")
}
output "o35" {
  value = yamlencode("a\nb\u2028c")
}
output "o36" {
  value = yamlencode("it's #not a comment: [x], {y}, *z, &w, !t, %d, @a, `b`")
}
output "o37" {
  value = yamlencode(["yes", "no", "null", "~", "1", "1.5", "true", "---", "...", "- a", "? b", ": c", "<<", "=", "2026-01-02"])
}
output "o38" {
  value = yamlencode("this text is long enough to be folded because it has more than eighty columns in it, and then it goes on for one more line at least")
}
output "o39" {
  value = yamlencode("this text has two spaces where it would be folded, at the eightieth column or so, as it  is  here  and  there  and  everywhere  ")
}
output "o40" {
  value = yamlencode({ key = "this text is long enough to be folded because it has more than eighty columns in it, and then it goes on", other = ["and in a list the same happens to a text that is long enough to be folded in the list, as here"] })
}
output "o41" {
  value = yamlencode("${join("", [for i in range(30) : "word\"s "])} x")
}
output "o42" {
  value = yamlencode("${join("", [for i in range(81) : "x"])} y z")
}
output "o43" {
  value = yamlencode("${join("", [for i in range(79) : "x"])} y z")
}
output "o44" {
  value = yamlencode("${join("", [for i in range(78) : "x"])} y z")
}
output "o45" {
  value = yamlencode("${join("", [for i in range(90) : "é"])} y ")
}
output "o46" {
  value = yamlencode({ "${join("", [for i in range(128) : "k"])}" = 1 })
}
output "o47" {
  value = yamlencode({ "${join("", [for i in range(129) : "k"])}" = 1 })
}
output "o48" {
  value = yamlencode({ "${join(" ", [for i in range(60) : "key"])}" = { a = 1 }, z = [] })
}
output "o49" {
  value = yamlencode({ "${join(" ", [for i in range(60) : "key"])}" = [1, 2], z = "x\ny" })
}
output "o50" {
  value = yamlencode({ "${join(" ", [for i in range(60) : "key"])}" = "x\ny" })
}
output "o51" {
  value = yamlencode({ "a\nb" = 1, "c\n" = [1], "d\ne " = { f = "g\nh" } })
}
output "o52" {
  value = yamlencode({ "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z" = 1 })
}
output "o53" {
  value = yamlencode({ "a\u2028b" = 1, "tab\tkey" = 2, "" = 3, " " = 4, "null" = 5, "é" = 6, "😀" = 7 })
}
output "o54" {
  value = yamlencode(toset(["b", "a"]))
}
output "o55" {
  value = yamlencode(tomap({ b = 1, a = 2 }))
}
output "o56" {
  value = yamlencode(tolist(["b", null]))
}
output "o57" {
  value = yamlencode({ a = null, b = [null, {}], c = [[]], d = [{}] })
}
output "o58" {
  value = yamlencode([[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["deep enough that text starts at the eightieth column and beyond", "a\nb"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]])
}
output "o59" {
  value = yamlencode({ tokens = { ci = { ttl = "90d", scopes = ["samples:read", "samples:write"] }, deploy = { ttl = "30d", scopes = [] } } })
}
output "o60" {
  value = yamlencode(yamldecode("a: [1, two, {b: yes}]\nc: |\n  x\n  y\n"))
}
variable "text" {
  default   = "a: x"
  sensitive = true
}
output "marked" {
  value     = yamlencode({ a = var.text })
  sensitive = true
}
resource "terraform_data" "x" {
  input = timestamp()
}
output "unknown" {
  value = yamlencode(terraform_data.x.output)
}
output "partly_unknown" {
  value = yamlencode({ a = [terraform_data.x.id] })
}
output "never_null" {
  value = yamlencode(terraform_data.x.output) == null
}
output "never_null_inside" {
  value = yamlencode([terraform_data.x.output]) == null
}
output "and_back" {
  value = yamldecode(yamlencode({ a = [1, "x\ny\n", null], b = { c = "1" } }))
}
