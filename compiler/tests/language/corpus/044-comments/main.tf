# hash
// slashes
/* block */ output "a" { /* inside */ value = 1 /* after */ }
output "b" { # trailing
  value = [ # in list
    1, // one
    /* two */ 2,
    # last
  ]
} // end
/*
 * several
 * lines
 */
output "c" {
  value = 1 + /* between */ 2
}
