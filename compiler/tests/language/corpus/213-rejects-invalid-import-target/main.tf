import {
  to = terraform_data.none
  id = "x"
}
