"""What GraphQL shows of the audit chain."""

from meritline.graphql.kit import Column, Filter, GlobalId, Module, Object, Order, RootConnection, Visible

AUDIT_ENTRY = Object(
    name="AuditEntry",
    description="One entry of the company's chain: who did what. Each carries the hash of the one before.",
    table="audit_entry",
    key="{t}.seq",
    key_type="int",
    visible=Visible(action="audit:read"),
    fields=(
        GlobalId(),
        Column("seq", "Int!", "Its number, without gaps."),
        Column("at", "DateTime!", "When."),
        Column("actor", "String!", "Who."),
        Column("action", "String!", "What was done."),
        Column("subject", "String!", "To what."),
        Column("body", "JSON!", "The details."),
        Column("previousHash", "String!", "The hash of the entry before."),
        Column("hash", "String!", "Its own hash."),
    ),
    order=(Order("seq", "{t}.seq", "int", descending=True),),
    filters=(
        Filter("actor", "String", "{t}.actor = {value}", "By this actor."),
        Filter("action", "String", "{t}.action = {value}", "Of this action."),
        Filter("subject", "String", "{t}.subject = {value}", "About this subject."),
        Filter("since", "DateTime", "{t}.at >= {value}", "At this moment or later."),
        Filter("before", "DateTime", "{t}.at < {value}", "Before this moment."),
    ),
)

MODULE = Module(
    objects=(AUDIT_ENTRY,),
    queries=(RootConnection("auditEntries", "AuditEntry", "Who did what, the newest first."),),
)
