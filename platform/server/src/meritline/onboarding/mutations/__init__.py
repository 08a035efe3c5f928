"""The mutations that touch several rooms at once, one file each."""

from meritline.graphql.kit import Module
from meritline.onboarding.mutations.enable_indicator_set import ENABLE_INDICATOR_SET
from meritline.onboarding.mutations.upsert_departments import UPSERT_DEPARTMENTS
from meritline.onboarding.mutations.upsert_employees import UPSERT_EMPLOYEES

MODULE = Module(mutations=(UPSERT_DEPARTMENTS, UPSERT_EMPLOYEES, ENABLE_INDICATOR_SET))
