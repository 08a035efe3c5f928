"""Results as files for people and payroll."""
