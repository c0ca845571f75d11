"""What the invented answers of 2019 are about, in the order of ``concepts.yml``."""

TEAM = "has_wijkteam"
TASKS = [
    "task_needs_clarification",
    "task_case_management",
    "task_plan_with_client",
    "task_signalling",
    "task_short_term_support",
    "task_long_term_support",
]
SHORTFALLS = [
    "shortfall_preventive_work",
    "shortfall_outreach",
    "shortfall_collective_services",
    "shortfall_informal_networks",
]
