"""The mutations that touch several rooms at once, one file each."""

from meritline.graphql.kit import Module
from meritline.onboarding.mutations.adopt_indicator_set import ADOPT_INDICATOR_SET
from meritline.onboarding.mutations.enable_indicator_set import ENABLE_INDICATOR_SET
from meritline.onboarding.mutations.remove_indicator_set import REMOVE_INDICATOR_SET
from meritline.onboarding.mutations.upgrade_indicator_set import UPGRADE_INDICATOR_SET
from meritline.onboarding.mutations.upsert_departments import UPSERT_DEPARTMENTS
from meritline.onboarding.mutations.upsert_employees import UPSERT_EMPLOYEES

MODULE = Module(mutations=(
    UPSERT_DEPARTMENTS, UPSERT_EMPLOYEES, ENABLE_INDICATOR_SET, UPGRADE_INDICATOR_SET, ADOPT_INDICATOR_SET,
    REMOVE_INDICATOR_SET,
))  # fmt: skip
