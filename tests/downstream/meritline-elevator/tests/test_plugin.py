"""The golden cases beside this file, and the laws that every indicator keeps, by one line."""

from meritline_sdk.testing import laws_for

from meritline_elevator import indicator_sets

TestPlugin = laws_for(indicator_sets)
