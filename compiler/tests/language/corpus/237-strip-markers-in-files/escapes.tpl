a  \n %{~ if true ~} \n  
  b%{ endif ~}  x
