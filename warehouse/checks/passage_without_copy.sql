-- A passage belongs to a pair that isn't in copies.

select new_passages.article_id || ' from ' || new_passages.source_id as offender
from new_passages
anti join new_copies using (article_id, source_id);
