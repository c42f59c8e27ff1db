# SPDX-License-Identifier: Apache-2.0
"""Prints what ViewServer prints for these arguments, of which the last is a path, and exits as it says."""
import os
import socket
import struct
import sys

path, arguments = sys.argv[1], sys.argv[2:]
arguments[-1] = os.path.join(os.getcwd(), arguments[-1])
server = socket.socket(socket.AF_UNIX)
server.connect(path)
message = [struct.pack(">i", len(arguments))]
for each in map(os.fsencode, arguments):
    message += [struct.pack(">i", len(each)), each]
server.sendall(b"".join(message))
reply = server.makefile("rb")
while True:
    kind, number = struct.unpack(">ci", reply.read(5))
    if kind == b"x":
        sys.stdout.flush()
        os._exit(number)
    (sys.stdout if kind == b"o" else sys.stderr).buffer.write(reply.read(number))
    (sys.stdout if kind == b"o" else sys.stderr).buffer.flush()
