-- A copy has no passage that shows it.

select copies.article_id || ' from ' || copies.source_id as offender
from copies
anti join reused_passages using (article_id, source_id);
