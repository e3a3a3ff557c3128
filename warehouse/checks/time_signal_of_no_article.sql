-- A row of time_signals belongs to an article that isn't there.

select new_time_signals.article_id as offender
from new_time_signals
anti join new_articles using (article_id);
