"""Finding claims again: the normal form of a text, the index of words, candidates for matching."""

from storage.search.normal import claim_key, normal_form

__all__ = ["claim_key", "normal_form"]
