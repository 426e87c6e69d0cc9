"""What routes ask for from the reporting area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.reporting.announcements.store import AnnouncementRecipients, Announcements
from services.events.reporting.exports.queries import ExportQueries
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.statistics.queries import StatisticsQueries
from services.events.reporting.visitor_counts.store import VisitorCounts
from shared.http.provided import provided

AllAnnouncementRecipients = Annotated[
    AnnouncementRecipients, Depends(provided(AnnouncementRecipients))
]
AllAnnouncements = Annotated[Announcements, Depends(provided(Announcements))]
AllVisitorCounts = Annotated[VisitorCounts, Depends(provided(VisitorCounts))]
TheExportQueries = Annotated[ExportQueries, Depends(provided(ExportQueries))]
TheSegmentQueries = Annotated[SegmentQueries, Depends(provided(SegmentQueries))]
TheStatisticsQueries = Annotated[StatisticsQueries, Depends(provided(StatisticsQueries))]
