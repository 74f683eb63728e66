a:
%{ for x in l ~}
  - ${x}
%{ endfor ~}
end
