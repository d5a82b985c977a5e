from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Jury et décisions"

    def ready(self) -> None:
        from applications.permissions.dossiers import bar_from_teams
        from evaluation.models import JuryMember

        bar_from_teams(
            lambda user, call: JuryMember.objects.filter(
                call=call, user=user, removed_at__isnull=True
            ).exists()
        )
