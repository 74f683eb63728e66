locals {
  a = local.b
# ^^^^^^^^^^^ error[cycle]: These refer to each other in a circle: local.a -> local.b -> local.c -> local.a.
  b = local.c
  c = local.a
  d = local.d
#     ^^^^^^^ error[cycle]: local.d refers to itself.
}

resource "lanyard_service_account" "one" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[cycle]: These refer to each other in a circle: lanyard_service_account.one -> lanyard_service_account.two -> lanyard_service_account.one.
  name = lanyard_service_account.two.id
}

resource "lanyard_service_account" "two" {
  name = lanyard_service_account.one.id
}

resource "lanyard_service_account" "three" {
  name = lanyard_service_account.three.id
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[self-reference]: lanyard_service_account.three refers to itself. Its own attributes are not known while it is being described.
}
