"""One open transaction, as the jobs see it: the records by noun."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from storage.assignments import Assignments
from storage.audit import Audit
from storage.backlog import Backlog
from storage.chats import Chats
from storage.claims import Claims
from storage.corrections import Corrections
from storage.desk_rules import DeskRules
from storage.documents import Documents
from storage.engines.base import Session
from storage.fetches import Fetches
from storage.figures import Figures
from storage.finding import Finding
from storage.holds import Holds
from storage.indexing import Indexings
from storage.intros import Intros
from storage.invites import Invites
from storage.leases import Leases
from storage.matches import Matches
from storage.merges import Merges
from storage.milestones import Milestones
from storage.model import PersonId
from storage.news import News
from storage.objections import Objections
from storage.outbox import Outbox
from storage.people import People
from storage.posts import Posts
from storage.practice import Practice
from storage.profiles import Profiles
from storage.requests import Requests
from storage.reviews import Reviews
from storage.rooms import Rooms
from storage.search.index import Index
from storage.settings import Settings
from storage.submissions import Submissions
from storage.subscriptions import Subscriptions
from storage.tags import Tags
from storage.team import Team
from storage.triage import Triage
from storage.updates import Updates
from storage.verdicts import Verdicts
from storage.wishes import Wishes
from storage.wordings import Wordings


class Ledger:
    """Handed to every job by the entry point that opened the transaction. Jobs never commit."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.speaker: PersonId | None = None
        """Whose message or button is being handled: what they are told is an answer. None for the clock's jobs."""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the body wrote if it raises, and only that; the exception goes on."""
        await self.session.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            self.audit.forget()
            await self.session.execute("ROLLBACK TO step")
            await self.session.execute("RELEASE step")
            raise
        await self.session.execute("RELEASE step")

    @cached_property
    def people(self) -> People:
        """Anyone known by a Telegram id, and what they are busy with."""
        return People(self.session)

    @cached_property
    def team(self) -> Team:
        """Those who have a role, or had one."""
        return Team(self.session)

    @cached_property
    def rooms(self) -> Rooms:
        """Where the team works together."""
        return Rooms(self.session)

    @cached_property
    def wishes(self) -> Wishes:
        """How people want to be told, and what waits for their daily summary."""
        return Wishes(self.session)

    @cached_property
    def intros(self) -> Intros:
        """Who was asked for the first words of a digest."""
        return Intros(self.session)

    @cached_property
    def profiles(self) -> Profiles:
        """What reviewers say about their work, and who does nothing any more."""
        return Profiles(self.session)

    @cached_property
    def invites(self) -> Invites:
        """One-time links."""
        return Invites(self.session)

    @cached_property
    def chats(self) -> Chats:
        """Groups and channels."""
        return Chats(self.session)

    @cached_property
    def documents(self) -> Documents:
        """What came in, verbatim."""
        return Documents(self.session)

    @cached_property
    def claims(self) -> Claims:
        """Checkable statements."""
        return Claims(self.session)

    @cached_property
    def tags(self) -> Tags:
        """What claims are filed under."""
        return Tags(self.session)

    @cached_property
    def finding(self) -> Finding:
        """Claims by their words and by what they are."""
        return Finding(self.session)

    @cached_property
    def triage(self) -> Triage:
        """Sentences that wait to be sorted."""
        return Triage(self.session)

    @cached_property
    def desk_rules(self) -> DeskRules:
        """Rules that editors made."""
        return DeskRules(self.session)

    @cached_property
    def requests(self) -> Requests:
        """Who wants to know what."""
        return Requests(self.session)

    @cached_property
    def submissions(self) -> Submissions:
        """Messages not yet confirmed as a request."""
        return Submissions(self.session)

    @cached_property
    def assignments(self) -> Assignments:
        """Offers and leases."""
        return Assignments(self.session)

    @cached_property
    def reviews(self) -> Reviews:
        """Ratings, explanations and sources."""
        return Reviews(self.session)

    @cached_property
    def practice(self) -> Practice:
        """Past claims to practise on."""
        return Practice(self.session)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Decisions, their versions and where they were published."""
        return Verdicts(self.session)

    @cached_property
    def corrections(self) -> Corrections:
        """What is changed about published verdicts."""
        return Corrections(self.session)

    @cached_property
    def posts(self) -> Posts:
        """Verdicts in channels, and who was told which."""
        return Posts(self.session)

    @cached_property
    def objections(self) -> Objections:
        """New evidence against verdicts; feedback."""
        return Objections(self.session)

    @cached_property
    def wordings(self) -> Wordings:
        """Summaries written before approval."""
        return Wordings(self.session)

    @cached_property
    def matches(self) -> Matches:
        """Which claims are like which."""
        return Matches(self.session)

    @cached_property
    def merges(self) -> Merges:
        """What merges put aside."""
        return Merges(self.session)

    @cached_property
    def index(self) -> Index:
        """Claims by the terms of their text."""
        return Index(self.session)

    @cached_property
    def indexing(self) -> Indexings:
        """How far the walks over all claims and documents have come."""
        return Indexings(self.session)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Standing wishes for digests, and the digests made."""
        return Subscriptions(self.session)

    @cached_property
    def outbox(self) -> Outbox:
        """What chats must be told."""
        return Outbox(self.session)

    @cached_property
    def holds(self) -> Holds:
        """What editors did and can still take back."""
        return Holds(self.session)

    @cached_property
    def fetches(self) -> Fetches:
        """Files to be fetched and hashed."""
        return Fetches(self.session)

    @cached_property
    def updates(self) -> Updates:
        """Which Telegram updates are handled; dead letters."""
        return Updates(self.session)

    @cached_property
    def settings(self) -> Settings:
        """Values set at run time; runs of jobs."""
        return Settings(self.session)

    @cached_property
    def audit(self) -> Audit:
        """The tamper-evident chain of events."""
        return Audit(self.session)

    @cached_property
    def leases(self) -> Leases:
        """Terms of leases, and who stepped back."""
        return Leases(self.session)

    @cached_property
    def milestones(self) -> Milestones:
        """When claims reached which step."""
        return Milestones(self.session)

    @cached_property
    def backlog(self) -> Backlog:
        """What is still to be done."""
        return Backlog(self.session)

    @cached_property
    def news(self) -> News:
        """What happened between two marks."""
        return News(self.session)

    @cached_property
    def figures(self) -> Figures:
        """Joined reads behind screens and digests."""
        return Figures(self.session)
