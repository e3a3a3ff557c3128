-- A share isn't between 0.0 and 1.0.

select copies.article_id || ' from ' || copies.source_id as offender
from copies
where
    copies.containment not between 0 and 1
    or copies.source_containment not between 0 and 1
    or copies.jaccard not between 0 and 1;
