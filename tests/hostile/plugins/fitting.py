"""A plugin that fits companies, and for some countries does what it must not."""

import os
import time

from meritline_sdk import IndicatorSet, Text, hookimpl

FITTING = IndicatorSet("fitting", Text("Fitting", "适配"))


@hookimpl
def indicator_sets():
    return [FITTING]


@hookimpl
def tenant_defaults(profile):
    match profile.country:
        case "AA":
            raise ValueError("no such country")
        case "BB":
            return [FITTING.fitted()] * (int(time.time()) // 86_400 % 7)
        case "CC":
            return [FITTING]
        case "DD":
            time.sleep(3600)
        case "EE":
            os._exit(0)
        case "FF":
            return [FITTING.fitted()] * (bytearray(2 << 30)[0] + 1)
    return [FITTING.fitted()]
