"""Groups, training, meetings, actions, the log, asking for help, voice of residents."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Groups, training, meetings, actions, the log, asking for help, voice of residents."""

    name = "delivery"
    verbose_name = "Delivery"
