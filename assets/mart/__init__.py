"""Results with their uncertainty, unsuppressed: inside the house only."""
