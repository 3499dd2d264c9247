#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""inject.py - sends frames of a capture again, as an attacker on the path would.

    inject.py DEV FILE.pcap [--flip OCTET] [--spi HEX] [--cut OCTETS] [--first N] [--bare]

FILE is what tcpdump wrote on an Ethernet device. --flip inverts a bit of the ESP packet at that
offset (from its first octet; negative: from the end), --spi replaces the SPI, --cut shortens the
packet to that many octets of ESP, --first takes only the first N frames, --bare takes the ESP packet
out of its UDP datagram. IPv4 only; header checksums
are made right again. Prints how many frames it sent.
"""
import argparse
import socket
import struct
import sys


def frames(path):
    """The frames of a pcap file (RFC draft-gharris-opsawg-pcap), either byte order."""
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack(order + "IIII", data[at:at + 16])[2]
        yield bytearray(data[at + 16:at + 16 + length])
        at += 16 + length


def checksum(header):
    total = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def change(frame, args):
    ihl = (frame[14] & 15) * 4
    esp = 14 + ihl + (8 if frame[14 + 9] == 17 else 0)
    if args.bare:
        frame[14 + 9] = 50
        del frame[14 + ihl:esp]
        frame[16:18] = struct.pack("!H", len(frame) - 14)
        esp = 14 + ihl
    if args.spi is not None:
        frame[esp:esp + 4] = struct.pack("!I", args.spi)
    if args.flip is not None:
        frame[args.flip + (esp if args.flip >= 0 else len(frame))] ^= 0x10
    if args.cut is not None:
        del frame[esp + args.cut:]
        frame[16:18] = struct.pack("!H", len(frame) - 14)
        if frame[14 + 9] == 17:
            frame[14 + ihl + 4:14 + ihl + 8] = struct.pack("!HH", len(frame) - 14 - ihl, 0)
    frame[24:26] = b"\0\0"
    frame[24:26] = struct.pack("!H", checksum(bytes(frame[14:14 + ihl])))
    return frame


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dev")
    p.add_argument("file")
    p.add_argument("--flip", type=int)
    p.add_argument("--spi", type=lambda x: int(x, 16))
    p.add_argument("--cut", type=int)
    p.add_argument("--first", type=int)
    p.add_argument("--bare", action="store_true")
    args = p.parse_args()
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((args.dev, 0))
    n = 0
    for frame in frames(args.file):
        if args.first is not None and n >= args.first:
            break
        out.send(change(frame, args))
        n += 1
    print(n)
    return 0 if n else 1


if __name__ == "__main__":
    sys.exit(main())
