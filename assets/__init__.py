"""Community assets, stakeholders and their network, visual audits."""
