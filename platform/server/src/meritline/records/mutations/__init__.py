"""The mutations of this room, one file each."""

from meritline.graphql.kit import Module
from meritline.records.mutations.map_external_codes import MAP_EXTERNAL_CODES
from meritline.records.mutations.save_source import SAVE_SOURCE

MODULE = Module(mutations=(MAP_EXTERNAL_CODES, SAVE_SOURCE))
