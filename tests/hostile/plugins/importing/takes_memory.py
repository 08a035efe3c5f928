HELD = bytearray(2 << 30)
