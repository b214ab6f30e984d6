"""A shop's own order exports in, counts, rates and a plan out.

`book` holds `Orders`, which reads and answers. Its parts, in the order in which an export passes
them: `privacy` and `files` (opening), `formats` (the systems known), `days`, `cells` and `words`
(meaning), `ledger` (what counts), `front_back`, `cohorts` and `share` (answers), `plan` and `page`.
"""
