-- Two articles are each said to be the other's copy.

select copies.article_id || ' and ' || copies.source_id as offender
from copies
inner join copies as reverse
    on
        copies.article_id = reverse.source_id
        and copies.source_id = reverse.article_id
where copies.article_id < copies.source_id;
