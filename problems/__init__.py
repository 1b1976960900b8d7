"""Problem-solving by SARA: problems, plans, rich pictures, interventions, evaluation."""
