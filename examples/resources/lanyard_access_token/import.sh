# By the token's id. Most servers show a secret only once: then `token` is null until the next rotation.
terraform import lanyard_access_token.ci at_0123456789abcdefghij
