-- A share isn't between 0.0 and 1.0.

select new_copies.article_id || ' from ' || new_copies.source_id as offender
from new_copies
where
    new_copies.containment not between 0 and 1
    or new_copies.source_containment not between 0 and 1
    or new_copies.jaccard not between 0 and 1;
