"""Groups, training, meetings, actions, the log, asking for help, voice of residents."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Groups, training, meetings, actions, the log, asking for help, voice of residents."""

    name = "delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        """Let each part make itself known."""
        from delivery.registrations.actions import register as actions
        from delivery.registrations.groups import register as groups
        from delivery.registrations.help import register as help_and_handover
        from delivery.registrations.meetings import register as meetings
        from delivery.registrations.voice import register as voice

        groups()
        meetings()
        actions()
        voice()
        help_and_handover()
