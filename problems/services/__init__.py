"""Every write to problems, plans, interventions, evaluations and rich pictures."""
