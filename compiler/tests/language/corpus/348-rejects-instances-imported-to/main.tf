import {
  to = terraform_data.counted[2]
  id = "a"
}

resource "terraform_data" "counted" {
  count = 2
}
