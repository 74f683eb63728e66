resource "lanyard_access_token" "ci" {
  name = "ci"
  lifecycle {
    ignore_changes = [
      name,
      "roles",
      rotation,
      rotation.before_expiry,
      rotation.triggers["a"],
      rotation.triggers.a,
      limits.hosts,
      alert,
      alert[0],
      alert["a"],
      retired[0].id,
      rotation["before_expiry"],
#     ^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-index]: Only attribute access is allowed here: write .before_expiry
      rotation[0].before_expiry,
#     ^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-index]: Only attribute access is allowed here, with a dot.
      limits["hosts"],
#     ^^^^^^^^^^^^^^^ error[invalid-index]: Only attribute access is allowed here: write .hosts
      name[0],
#     ^^^^^^^ error[invalid-index]: It has no parts.
      name.x,
#     ^^^^^^ error[unsupported-attribute]: It has no parts.
      roles[0],
#     ^^^^^^^^ error[invalid-index]: The elements of a set have no names or numbers: name it as a whole.
      roles["x"],
#     ^^^^^^^^^^ error[invalid-index]: The elements of a set have no names or numbers: name it as a whole.
      roles.x,
#     ^^^^^^^ error[unsupported-attribute]: The elements of a set have no names or numbers: name it as a whole.
      rotation.nope,
#     ^^^^^^^^^^^^^ error[unsupported-attribute]: There is no argument or block named "nope".
      rotation.before_expiry.x,
#     ^^^^^^^^^^^^^^^^^^^^^^^^ error[unsupported-attribute]: It has no parts.
      rotation.before_expiry[0],
#     ^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-index]: It has no parts.
      rotation.triggers.a.b,
#     ^^^^^^^^^^^^^^^^^^^^^ error[unsupported-attribute]: It has no parts.
      alert.threshold,
#     ^^^^^^^^^^^^^^^ error[invalid-index]: Blocks "alert" are a list, of which one is named by its number: alert[0]
      alert[0].nope,
#     ^^^^^^^^^^^^^ error[unsupported-attribute]: There is no argument or block named "nope".
      nope,
#     ^^^^ error[unsupported-attribute]: There is no argument or block named "nope".
    ]
  }
}
