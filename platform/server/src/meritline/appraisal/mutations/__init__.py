"""The mutations of this room, one file each."""

from meritline.appraisal.mutations.enter_figures import ENTER_FIGURES
from meritline.appraisal.mutations.lock_cycle import LOCK_CYCLE
from meritline.appraisal.mutations.open_cycle import OPEN_CYCLE
from meritline.appraisal.mutations.refresh_cycle import REFRESH_CYCLE
from meritline.appraisal.mutations.remove_indicator import REMOVE_INDICATOR
from meritline.appraisal.mutations.run_cycle import RUN_CYCLE
from meritline.appraisal.mutations.save_indicator import SAVE_INDICATOR
from meritline.appraisal.mutations.save_scheme import SAVE_SCHEME
from meritline.appraisal.mutations.save_scheme_draft import DISCARD_SCHEME_DRAFT, SAVE_SCHEME_DRAFT
from meritline.appraisal.mutations.submit_rating import SUBMIT_RATING
from meritline.appraisal.mutations.try_indicator import TRY_INDICATOR
from meritline.appraisal.mutations.waive_reading import WAIVE_READING
from meritline.appraisal.mutations.withdraw_figure import WITHDRAW_FIGURE
from meritline.graphql.kit import Module

MODULE = Module(mutations=(
    SAVE_INDICATOR, TRY_INDICATOR, REMOVE_INDICATOR, SAVE_SCHEME, SAVE_SCHEME_DRAFT, DISCARD_SCHEME_DRAFT, OPEN_CYCLE,
    RUN_CYCLE, REFRESH_CYCLE, LOCK_CYCLE, SUBMIT_RATING, ENTER_FIGURES, WITHDRAW_FIGURE, WAIVE_READING,
))  # fmt: skip
