terraform {
  required_providers {
    a = { source = "x/" }
    b = { source = "" }
    c = { source = "ex_ample/x" }
    d = { source = "x/terraform-provider-y" }
    e = { source = 5 }
    f = { source = "http://x/y" }
    g = { source = "a/b/c/d" }
    h = { source = "x/y", version = 5 }
    i = { source = "x/z", version = "=> 1" }
    j = "nope"
    k = { source = "x/y", configuration_aliases = [k.x, b.y] }
    Foo = { source = "x/foo" }
    a_b = { source = "x/bar" }
  }
}
