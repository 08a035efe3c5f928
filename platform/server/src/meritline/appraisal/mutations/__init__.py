"""The mutations of this room, one file each."""

from meritline.appraisal.mutations.open_cycle import OPEN_CYCLE
from meritline.appraisal.mutations.run_cycle import RUN_CYCLE
from meritline.appraisal.mutations.save_scheme import SAVE_SCHEME
from meritline.appraisal.mutations.submit_rating import SUBMIT_RATING
from meritline.graphql.kit import Module

MODULE = Module(mutations=(SAVE_SCHEME, OPEN_CYCLE, RUN_CYCLE, SUBMIT_RATING))
