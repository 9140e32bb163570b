"""The tables of a case: what was supplied, what was read there, and what people decided.

Append-only and keyed by content. A content may be read again: what each reading gave is kept under
its number, and only the records of the latest have a `membership`. Only `membership` (which records
are copies of one message), `alias` and `setting` are ever rewritten; all three can be worked out
again from the rest. Text lies in `body`, once for each distinct text, and the full-text index
refers to it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 2
metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

content = Table(
    "content",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("sha256", Text, nullable=False),  # "" where the bytes could not be had
    Column("custodian", Text, nullable=False),  # "" where nobody said
    Column("inferred", Integer, nullable=False),
    Column("supplied_by", Text),
    Column("size", BigInteger, nullable=False),
    Column("status", Text),  # only where the bytes could not be had, or are not wanted
    Column("reason", Text),
    Column("problem", Text),  # the kind of the problem that goes with it
    UniqueConstraint("path", "sha256", "custodian"),
)

Index("arrival_content", arrival.c.sha256)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("reading", Integer, nullable=False),  # from 1, in the order of the attempts at a content
    Column("reader", Text, nullable=False),  # "" where nothing reads it
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("communications", Integer, nullable=False),
    Column("embedded", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("owner", Text),
    UniqueConstraint("sha256", "reader", "version", "status"),
)

problem = Table(
    "problem",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    UniqueConstraint("sha256", "part", "reader", "kind", "what", "version"),
)

contained = Table(
    "contained",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content", Integer, ForeignKey("content.id"), nullable=False),
    Column("reading", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger),
    Column("sha256", Text),  # of its own bytes, where it has some
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reader", Text),
    Column("is_record", Integer, nullable=False),  # whether a record was read at this very place
    Column("read", Integer, nullable=False),  # what lay directly in it, by state
    Column("partly", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("unsupported", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("excluded", Integer, nullable=False),
    Column("declared", Text, nullable=False),  # [[what, number, by], ...]
    UniqueConstraint("content", "reading", "part"),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content", Integer, ForeignKey("content.id"), nullable=False),
    Column("reading", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("applied", Integer, nullable=False),
    UniqueConstraint("content", "reading", "part", "kind", "value"),
)

body = Table(
    "body",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("people", Text, nullable=False),
    Column("text", Text, nullable=False),
)
Index("body_digest", body.c.digest)

record = Table(
    "record",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content", Integer, ForeignKey("content.id"), nullable=False),
    Column("reading", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("message_key", BigInteger),
    Column("minute_key", BigInteger),
    Column("print_key", BigInteger),  # odd for print, even for mail: the two differ in that alone
    Column("same", Text, nullable=False),  # what two copies are compared by: identity.Traits
    Column("body", Integer, ForeignKey("body.id"), nullable=False),
    Column("facts", Text, nullable=False),  # everything else a Record holds: codec
    UniqueConstraint("content", "reading", "part"),
)
Index("record_message", record.c.message_key, sqlite_where=record.c.message_key.is_not(None))
Index("record_print", record.c.print_key, sqlite_where=record.c.print_key.is_not(None))
Index("record_minute", record.c.minute_key, sqlite_where=record.c.minute_key.is_not(None))
Index("record_body", record.c.body)

membership = Table(
    "membership",
    metadata,
    Column("record", Integer, ForeignKey("record.id"), primary_key=True),
    Column("communication", Text, nullable=False),
    Column("disputed", Integer, nullable=False),  # 1 its Message-ID; 2 print kept apart from a mail
)
Index("membership_communication", membership.c.communication)

alias = Table(
    "alias",
    metadata,
    Column("name", Text, primary_key=True),
    Column("record", Integer, ForeignKey("record.id"), nullable=False),
)
Index("alias_record", alias.c.record)

derived = Table(
    "derived",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("moment", Text, nullable=False),  # ISO 8601, UTC
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),  # an id or a hash, never words of the evidence
    Column("who", Text),  # as given with the act; removed by a purge with words and salt
    Column("words", Text),  # what was done, as JSON
    Column("salt", LargeBinary),
    Column("sealed", Text, nullable=False),  # SHA-256 of salt, who and words: outlives a purge
    Column("digest", Text, nullable=False, unique=True),
    Column("previous", Text, nullable=False),
)
Index("audit_action", audit.c.action)

seal = Table(
    "seal",
    metadata,
    Column("id", Integer, primary_key=True),  # a table and which of its rows: seals
    Column("digests", LargeBinary, nullable=False),
)

indexes = tuple(
    index
    for table in metadata.sorted_tables
    for index in sorted(table.indexes, key=lambda one: str(one.name))
)
