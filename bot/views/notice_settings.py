"""Notices about the desk's settings."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

SETTINGS: Texts = {
    "setting_unknown": mark("There is no setting “{setting}”. /settings shows them all."),
    "setting_switch": mark("“{setting}” is switched on and off: /settings {setting} off. Nothing was changed."),
    "setting_number": mark("“{setting}” is a number; please write it like /settings {setting} 3. Nothing was changed."),
    "setting_duration": mark(
        "“{setting}” is a length of time; please write it like /settings {setting} 12h. Nothing was changed."
    ),
    "setting_range": mark("“{setting}” can be from {low} to {high}. Nothing was changed."),
    "setting_above_max_reviews": mark(
        "quorum cannot be more than max_reviews. Please change the other one first. Nothing was changed."
    ),
    "setting_above_match_same": mark(
        "match_similar cannot be more than match_same. Please change the other one first. Nothing was changed."
    ),
    "setting_scale_sources": mark(
        "No rating can need more sources than a review may have (source_max). Nothing was changed."
    ),
    "setting_scale_origins": mark(
        "A rating cannot ask for more origins than sources. Please change the other one first. Nothing was changed."
    ),
    "setting_changed_since": mark("This setting was changed since. /settings shows how it is now."),
    "setting_changed": mark("{name} changed the setting {setting}: {before} → {after}"),
}
