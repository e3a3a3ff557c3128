-- A passage belongs to a pair that isn't in copies.

select reused_passages.article_id || ' from ' || reused_passages.source_id as offender
from reused_passages
anti join copies using (article_id, source_id);
