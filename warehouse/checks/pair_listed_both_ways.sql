-- Two articles are each said to be the other's copy.

select distinct
    least(new_copies.article_id, new_copies.source_id)
    || ' and '
    || greatest(new_copies.article_id, new_copies.source_id) as offender
from new_copies
inner join copies as reverse
    on
        new_copies.article_id = reverse.source_id
        and new_copies.source_id = reverse.article_id
where new_copies.article_id <> new_copies.source_id;
