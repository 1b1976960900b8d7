"""A resource as an app would write it, at addresses of its own, to try the bases on."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from accounts.permissions import Permission
from core.api.base import Destroy, ScopedModelViewSet
from core.api.fields import ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer
from core.history import because
from engagement.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from programmes.models import Location, TargetPlace


class PlaceSerializer(RecordSerializer):
    location = ScopedSlugRelatedField(queryset=Location.objects.all())

    class Meta:
        model = TargetPlace
        fields = ["location", "slug", "name", "summary", "created_at"]
        read_only_fields = ["created_at"]


class PlaceFilters(HouseFilterSet):
    location = ScopedSlugFilter(Location)

    class Meta:
        model = TargetPlace
        fields = ["name"]


class PlaceViewSet(Destroy, ScopedModelViewSet):
    queryset = TargetPlace.objects.select_related("location")
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilters
    create_parent = "location"
    permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.LOCATION_MANAGE,
        "update": Permission.LOCATION_MANAGE,
        "partial_update": Permission.LOCATION_MANAGE,
        "destroy": Permission.LOCATION_MANAGE,
    }

    def perform_create(self, serializer):
        return TargetPlace.objects.create(**serializer.validated_data)

    def perform_update(self, serializer, version):
        place = serializer.instance
        for name, value in serializer.validated_data.items():
            setattr(place, name, value)
        with because(by=self.request.user):
            place.save_version(version)
        return place

    def perform_destroy(self, record):
        record.delete()


router = DefaultRouter(use_regex_path=False)
router.register("places", PlaceViewSet, basename="place")
urlpatterns = [path("api/try/", include(router.urls)), *urlpatterns]
