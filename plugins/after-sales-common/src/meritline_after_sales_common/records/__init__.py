"""Record types that several indicator sets share: what CRM, telephone, chat, survey and attendance systems deliver.

Decides which there are. Excluded everywhere (convention C09): a status of ``cancelled_by_customer``, ``duplicate``,
``spam`` or ``test``, and what a machine did alone; ``counts()`` says it once.
"""

from meritline_after_sales_common.records.cases import Assignment, Ticket, WorkOrder
from meritline_after_sales_common.records.checks import (
    FileTask,
    FinancePeriod,
    Inspection,
    InspectionItem,
    QualityIssue,
)
from meritline_after_sales_common.records.contacts import AsyncMessage, CallRecord, ChatSession, Customer
from meritline_after_sales_common.records.days import AttendanceDay, DisciplineEvent, Task, Timesheet
from meritline_after_sales_common.records.exclusions import EXCLUDED, by_people, counts
from meritline_after_sales_common.records.learning import (
    CollaborationCase,
    KbChange,
    KnowledgeTest,
    SharingEvent,
    SharingInvitation,
    Suggestion,
    TrainingAttendance,
)
from meritline_after_sales_common.records.voices import Complaint, Contract, FollowupCheck, Rating, SurveyResponse

RECORDS = (
    WorkOrder, Ticket, Assignment, Customer, CallRecord, ChatSession, AsyncMessage, SurveyResponse, Complaint,
    FollowupCheck, Contract, Rating, Inspection, InspectionItem, QualityIssue, FileTask, FinancePeriod, AttendanceDay,
    DisciplineEvent, Timesheet, Task, TrainingAttendance, KnowledgeTest, KbChange, SharingEvent, SharingInvitation,
    CollaborationCase, Suggestion,
)  # fmt: skip

__all__ = [
    "EXCLUDED",
    "RECORDS",
    "Assignment",
    "AsyncMessage",
    "AttendanceDay",
    "CallRecord",
    "ChatSession",
    "CollaborationCase",
    "Complaint",
    "Contract",
    "Customer",
    "DisciplineEvent",
    "FileTask",
    "FinancePeriod",
    "FollowupCheck",
    "Inspection",
    "InspectionItem",
    "KbChange",
    "KnowledgeTest",
    "QualityIssue",
    "Rating",
    "SharingEvent",
    "SharingInvitation",
    "Suggestion",
    "SurveyResponse",
    "Task",
    "Ticket",
    "Timesheet",
    "TrainingAttendance",
    "WorkOrder",
    "by_people",
    "counts",
]
