"""Questions, surveys, waves, and what people answered."""

from surveys.models.answer import AnswerCode, Reply, Submission
from surveys.models.question import Question
from surveys.models.survey import Survey, SurveyQuestion, Wave

__all__ = [
    "AnswerCode",
    "Question",
    "Reply",
    "Submission",
    "Survey",
    "SurveyQuestion",
    "Wave",
]
