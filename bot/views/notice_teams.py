"""Notices about the team: who belongs to it, how they wish to be told, and its rooms."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

_MEMBERS: Texts = {
    "member_usage": mark(
        "Please say whom: with @username, with the number that /members shows, or in reply to a message of theirs."
    ),
    "person_unknown": mark("The desk knows nobody called “{name}”. /members shows the team with names and numbers."),
    "member_not_below": mark("{name} has the role “{role}”; only somebody above that can decide this."),
    "member_has_role": mark("{name} has the role “{role}” already. Nothing was changed."),
    "member_lowest": mark(
        "{name} is a reviewer, and no role is lower. /suspend is for a while, /remove for good. Nothing was changed."
    ),
    "member_suspended": mark("{name} is suspended. /restore gives the role back first. Nothing was changed."),
    "member_not_suspended": mark("{name} is not suspended. Nothing was changed."),
    "member_of_none": mark("{name} is not in the team. Nothing was changed."),
    "member_self": mark("You cannot suspend yourself. /duty off stops new claims. Nothing was changed."),
    "member_changed": mark("Something about this colleague has changed since. Please look once more: /members"),
    "last_admin": mark("{name} is the only admin who can be reached. Make somebody else an admin first: /promote"),
    "admin_by_settings": mark("{name} is an admin by the desk's settings; only its operator can change that."),
    "suspended_now": mark(
        "You are suspended from the team for now, so this is not possible. Your drafts are kept. Please ask an editor."
    ),
    "you_promoted": mark("Your role is now: {role}. /help shows what you can do."),
    "you_demoted": mark("Your role is now: {role}. What you have taken stays yours. /help shows what you can do."),
    "you_suspended": mark(
        "You are suspended from the team for now. What you had went back to the desk; your drafts are kept."
    ),
    "you_restored": mark("Welcome back! Your role is again: {role}. /duty on brings claims."),
    "member_is_now": mark("{name} now has the role “{role}” (by {by})."),
    "member_suspended_by": mark("{name} is suspended for now (by {by})."),
    "member_removed": mark("{name} is no longer in the team (by {by})."),
    "alias_not_yours": mark("Only the reviewer can choose this for themselves."),
    "alias_known": mark("Your reviews are already shown under a pseudonym."),
    "alias_of_member": mark("You are in the team again, so your reviews stay under your name. Nothing was changed."),
    "alias_given": mark("Done: from now on your reviews are shown under a pseudonym."),
}

_WISHES: Texts = {
    "quiet_usage": mark(
        "Please write the hours like this: /quiet 22-07 or /quiet 22:30-06:45 Asia/Dhaka, or /quiet off."
    ),
    "quiet_none": mark("You have no quiet hours. This sets some: /quiet 22-07"),
    "quiet_off": mark("Your quiet hours are over: everything comes when it happens."),
    "decision_made": mark("Claim {claim} waits for no decision any more. /status {claim} shows where it stands."),
}

_ROOMS: Texts = {
    "team_usage": mark(
        "Please write /team here for claims to be taken in this group or topic, or /team disputes for disputes, or "
        "/team off."
    ),
    "only_in_group": mark("Please write this in the group or topic that is to be the team's room."),
    "room_is_here": mark("This is that room already. Nothing was changed; /team off ends it."),
    "room_none": mark("This is no room of the team. /team here makes it one. Nothing was changed."),
    "room_review_here": mark(
        "This is the review room now: claims are shown here, and whoever taps first takes one. The work itself goes on "
        "in the private chat. /team off ends it."
    ),
    "room_disputes_here": mark(
        "Claims on which reviewers disagree are shown here now, with who gave which rating, to everybody in this "
        "group: it should be for editors only. /team off ends it."
    ),
    "room_off": mark("This is no room of the team any more. Work that was taken goes on in the private chats."),
    "room_lost": mark(
        "The desk is no longer in “{title}”, so the team's room there is closed. /team here makes another."
    ),
    "room_closed": mark("This is not the review room any more. The claim waits in /queue; nothing was changed."),
    "room_full": mark("Claim {claim} has all the reviewers it needs. Nothing was changed; thank you!"),
    "room_recused": mark("You stepped back from claim {claim}, so somebody else reviews it. Nothing was changed."),
    "room_saw": mark(
        "You have seen others’ reviews of claim {claim}, so somebody else reviews it. Nothing was changed."
    ),
    "room_only_editor": mark("You are the only editor and will have to approve it, so somebody else has to review it."),
    "taken_in_room": mark("The claim is yours. Its card is in your private chat with the desk."),
}

TEAMS: Texts = {**_MEMBERS, **_WISHES, **_ROOMS}
