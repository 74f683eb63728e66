output "a" { value = yamlencode({ a = "x", b = [1, "2", true, null], c = {}, d = [], e = "yes", f = "1.0", g = "multi\nline\n", h = "a: b", i = "", j = "# x", k = "~", l = "null", m = " lead", n = "tr ", o = "@x", p = "日", q = "2020-01-01", r = "0x1", s = "a\tb", "key with space" = 1, "1" = "one" }) }
output "b" { value = yamlencode([[1, [2]], { a = [{ b = 1 }] }]) }
output "c" { value = yamlencode("x") }
output "d" { value = yamlencode(1.5) }
output "e" { value = yamlencode(toset(["b", "a"])) }
output "f" { value = yamlencode(null) }
output "g" { value = yamlencode({ text = "a\n\nb", long = "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789" }) }
