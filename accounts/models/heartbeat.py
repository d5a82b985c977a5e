from django.db import models


class Heartbeat(models.Model):
    """When a process that nobody sees last said that it was alive."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
