-- A row of time_signals belongs to an article that isn't there.

select time_signals.article_id as offender
from time_signals
inner join checked_articles using (article_id)
anti join articles using (article_id);
