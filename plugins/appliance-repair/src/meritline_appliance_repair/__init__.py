"""Appliance repair: what a service firm measures about its engineers."""
