"""Answers in the place of the program that asks, with a set that is none."""

import os

os.write(3, b'["declared", "{\\"is\\":\\"IndicatorSet\\"}"]\nend\n')
os._exit(0)
