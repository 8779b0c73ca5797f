"""Messages, as their hashes tell them."""

import msgspec

from core.domain.conversations import Attachment, Message, MessageState, Order
from core.domain.files import File
from core.domain.policies import AnswerKind
from core.domain.quick_responses import Used
from core.domain.spam_reports import Reason, ReportState, SpamReport
from core.store.rooms import to_identity
from core.store.store import Fields, unpack


def to_message(message: str, fields: Fields) -> Message:
    return Message(
        id=message,
        key=fields.get("key", ""),
        incoming=fields["incoming"] == "1",
        text=fields.get("text", ""),
        sent_at=int(fields["sent_at"]),
        state=MessageState(fields["state"]),
        attachments=tuple(msgspec.convert(unpack(fields.get("attachments", "[]")), list[Attachment])),
        order=msgspec.convert(unpack(fields["order"]), Order) if fields.get("order") else None,
        author=to_identity(*unpack(fields["author"])) if fields.get("author") else None,
        edited=fields.get("edited") == "1",
        deleted="deleted" in fields,
        starts_order="start" in fields,
        accepted_at=int(fields["accepted_at"]) if "accepted_at" in fields else None,
        problem=fields.get("problem", ""),
        by_word=fields.get("by_word") == "1",
        forgotten="text" not in fields,
        why=fields.get("why", ""),
        corrects=fields.get("corrects", ""),
        used=msgspec.convert(unpack(fields["used"]), Used) if "used" in fields else None,
        automatic=fields.get("how") == AnswerKind.AUTOMATIC,
        report=_to_report(fields) if "spam" in fields else None,
        waived_by=to_identity(*unpack(fields["waived_by"])) if fields.get("waived_by") else None,
        alike=int(fields.get("alike", "0")),
        files=to_files(fields.get("files", "")),
    )


def to_files(field: str) -> tuple[File, ...]:
    return msgspec.convert(unpack(field), tuple[File, ...]) if field else ()


def _to_report(fields: Fields) -> SpamReport:
    return SpamReport(
        state=ReportState(fields["spam"]),
        reason=Reason(fields["spam_why"]),
        by=to_identity(*unpack(fields["spam_by"])),
        at=int(fields["spam_at"]),
        problem=fields.get("spam_problem", ""),
        report_by=int(fields["spam_until"]) if fields.get("spam_until") else None,
        number=int(fields["spam_n"]),
    )
