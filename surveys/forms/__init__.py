"""Forms of surveys, questions and waves."""
