"""The mutations of this room, one file each."""

from meritline.graphql.kit import Module
from meritline.tenancy.mutations.onboard_tenant import ONBOARD_TENANT, ONBOARDED_TENANT
from meritline.tenancy.mutations.save_calendar import SAVE_CALENDAR
from meritline.tenancy.mutations.upsert_positions import UPSERT_POSITIONS

MODULE = Module(objects=(ONBOARDED_TENANT,), mutations=(ONBOARD_TENANT, SAVE_CALENDAR, UPSERT_POSITIONS))
