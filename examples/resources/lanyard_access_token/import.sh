# By the token's id. No server shows a secret twice, so `token` is null until the next rotation.
terraform import lanyard_access_token.ci at_0123456789abcdefghij
